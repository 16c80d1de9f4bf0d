using System.Buffers.Binary;
using System.Numerics;

namespace MiniLB.RequestPath.Admit;

/// <summary>SipHash-2-4 (Aumasson and Bernstein, 2012): a hash of which nobody who does not know its key can find two
/// texts that are alike.</summary>
/// <remarks>Clients choose the texts: with a hash that has no such key, one of them could make its requests count as
/// another's.</remarks>
internal readonly struct SipHash(ulong key0, ulong key1)
{
    public ulong Of(ReadOnlySpan<byte> text)
    {
        var state = new State(key0, key1);
        var length = (ulong)text.Length;
        while (text.Length >= sizeof(ulong))
        {
            state.Take(BinaryPrimitives.ReadUInt64LittleEndian(text));
            text = text[sizeof(ulong)..];
        }

        var last = length << 56;
        for (var i = 0; i < text.Length; i++)
        {
            last |= (ulong)text[i] << (8 * i);
        }

        state.Take(last);
        return state.End();
    }

    private struct State(ulong key0, ulong key1)
    {
        private ulong _a = key0 ^ 0x736f6d6570736575;
        private ulong _b = key1 ^ 0x646f72616e646f6d;
        private ulong _c = key0 ^ 0x6c7967656e657261;
        private ulong _d = key1 ^ 0x7465646279746573;

        public void Take(ulong word)
        {
            _d ^= word;
            Round();
            Round();
            _a ^= word;
        }

        public ulong End()
        {
            _c ^= 0xff;
            Round();
            Round();
            Round();
            Round();
            return _a ^ _b ^ _c ^ _d;
        }

        private void Round()
        {
            _a += _b;
            _b = BitOperations.RotateLeft(_b, 13) ^ _a;
            _a = BitOperations.RotateLeft(_a, 32);
            _c += _d;
            _d = BitOperations.RotateLeft(_d, 16) ^ _c;
            _a += _d;
            _d = BitOperations.RotateLeft(_d, 21) ^ _a;
            _c += _b;
            _b = BitOperations.RotateLeft(_b, 17) ^ _c;
            _c = BitOperations.RotateLeft(_c, 32);
        }
    }
}
