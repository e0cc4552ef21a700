using System.Security.Cryptography;
using System.Text;

namespace JitFunctions.Domain.Evidence;

/// <summary>A row that was drawn.</summary>
/// <param name="Hash">By which the rows are ordered: in hexadecimal.</param>
public sealed record DrawnRow(string Hash, string Id);

/// <summary>
/// A sample that anybody can draw again: each row is ordered by SHA-256 of the seed, a colon and its id, and the first
/// ones are taken. So the seed alone decides, the order of the rows does not matter, and a larger sample contains a
/// smaller one of the same seed.
/// </summary>
public static class PopulationSample
{
    /// <param name="seed">Chosen by the auditor, after the population was made.</param>
    public static IReadOnlyList<DrawnRow> Draw(IEnumerable<string> ids, string seed, int count) =>
        [
            .. ids.Select(id => new DrawnRow(Hash(seed, id), id))
                .OrderBy(row => row.Hash, StringComparer.Ordinal)
                .Take(count),
        ];

    public static string Hash(string seed, string id) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}:{id}")));
}
