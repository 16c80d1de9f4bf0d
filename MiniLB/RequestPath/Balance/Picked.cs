using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>A backend whose attempt has begun, or why there is none.</summary>
internal readonly record struct Picked(Backend? Backend, ForwardError Error);
