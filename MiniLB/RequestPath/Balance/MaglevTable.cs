using System.IO.Hashing;
using System.Text;
using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>A table of places, each of which belongs to a backend, so that a key finds its backend in one step and a
/// change of the pool moves few keys (Eisenbud et al., "Maglev", NSDI 2016, section 3.4).</summary>
/// <remarks>The same for every order of the same backends.</remarks>
internal sealed class MaglevTable
{
    /// <summary>Places: prime, and a hundred times as many as there are backends in most pools (Envoy).</summary>
    public const int Size = 65_537;

    private readonly Backend[] _places;

    /// <param name="backends">At least one.</param>
    /// <param name="weights">Of each.</param>
    public MaglevTable(Backend[] backends, int[] weights)
    {
        var order = Enumerable.Range(0, backends.Length)
            .Select(i => new Applicant(backends[i], weights[i]))
            .OrderBy(a => a.Id).ToArray();
        _places = Fill(order, weights.Max());
    }

    public Backend this[ulong key] => _places[(int)(key % Size)];

    /// <returns>A number for the backend that is the same in every process.</returns>
    public static ulong IdOf(Backend backend) => Hash(backend, seed: 0);

    private static Backend[] Fill(Applicant[] order, int heaviest)
    {
        var places = new Backend?[Size];
        for (var (filled, round) = (0, 1L); ; round++)
        {
            foreach (var applicant in order)
            {
                // The heaviest takes a place in each round, the others as often as their weight says.
                if (applicant.Taken * heaviest >= round * applicant.Weight)
                {
                    continue;
                }

                applicant.TakePlace(places);
                if (++filled == Size)
                {
                    return places!;
                }
            }
        }
    }

    private static ulong Hash(Backend backend, long seed) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(backend.Url), seed);

    /// <summary>A backend and the places that it would like to have, in order.</summary>
    private sealed class Applicant(Backend backend, int weight)
    {
        private readonly ulong _skip = (Hash(backend, seed: 1) % (Size - 1)) + 1;
        private ulong _next = Hash(backend, seed: 2) % Size;

        public ulong Id { get; } = IdOf(backend);

        public int Weight => weight;

        public long Taken { get; private set; }

        public void TakePlace(Backend?[] places)
        {
            while (places[_next] is not null)
            {
                _next = (_next + _skip) % Size;
            }

            places[_next] = backend;
            Taken++;
        }
    }
}
