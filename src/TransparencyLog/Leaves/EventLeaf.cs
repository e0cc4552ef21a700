using System.Globalization;
using System.Text.Json;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Json;

namespace JitFunctions.TransparencyLog.Leaves;

/// <summary>
/// The entry of the log for one event: canonical JSON that commits to the event by the hashes of its data and its
/// headers. Its bytes are stored and exported as they are.
/// </summary>
/// <param name="Id">The id of the event.</param>
/// <param name="At">When the event was recorded, to the microsecond.</param>
/// <param name="Stream">The stream of the event.</param>
/// <param name="Version">The number of the event in its stream, from 1 on.</param>
/// <param name="Sequence">
/// The number that the event store gave to it. Such numbers have gaps, and are not the position in the log.
/// </param>
/// <param name="Type">The stored name of the event.</param>
/// <param name="Data">The hash of the canonical, redacted data.</param>
/// <param name="Headers">The hash of the canonical, redacted headers.</param>
public sealed record EventLeaf(
    Guid Id,
    DateTimeOffset At,
    string Stream,
    long Version,
    long Sequence,
    string Type,
    Sha256Hash Data,
    Sha256Hash Headers
)
{
    /// <summary>The kind of leaf, as its member <c>kind</c> has it.</summary>
    public const string Kind = "event";

    /// <summary>The longest leaf in bytes: what its stream and type are long.</summary>
    public const int MostBytes = 2048;

    /// <summary>The bytes of the leaf.</summary>
    /// <exception cref="FormatException">A text has half of a surrogate pair, or the leaf is too long.</exception>
    public byte[] ToBytes()
    {
        byte[] leaf =
        [
            .. "{\"at\":"u8,
            .. CanonicalJson.FormatText(TimeText(At)),
            .. ",\"data\":"u8,
            .. CanonicalJson.FormatText(Data.ToString()),
            .. ",\"headers\":"u8,
            .. CanonicalJson.FormatText(Headers.ToString()),
            .. ",\"id\":"u8,
            .. CanonicalJson.FormatText(Id.ToString("D")),
            .. ",\"kind\":\"event\",\"seq\":"u8,
            .. NumberText(Sequence),
            .. ",\"stream\":"u8,
            .. CanonicalJson.FormatText(Stream),
            .. ",\"type\":"u8,
            .. CanonicalJson.FormatText(Type),
            .. ",\"v\":1,\"version\":"u8,
            .. NumberText(Version),
            .. "}"u8,
        ];
        return leaf.Length <= MostBytes
            ? leaf
            : throw new FormatException($"A leaf has at most {MostBytes} bytes, not {leaf.Length}.");
    }

    /// <exception cref="FormatException">The bytes are not those of a leaf of this kind and version.</exception>
    public static EventLeaf Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var json = document.RootElement;
            var leaf = new EventLeaf(
                json.GetProperty("id").GetGuid(),
                DateTimeOffset.ParseExact(
                    Text("at"),
                    TimeFormat,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal
                ),
                Text("stream"),
                json.GetProperty("version").GetInt64(),
                json.GetProperty("seq").GetInt64(),
                Text("type"),
                Hash("data"),
                Hash("headers")
            );
            // So there is no other member, kind, version of the form, or spelling.
            return leaf.ToBytes().AsSpan().SequenceEqual(bytes.Span)
                ? leaf
                : throw new FormatException("The leaf is not in its canonical form, or is of another kind or version.");

            string Text(string name) =>
                json.GetProperty(name).GetString() ?? throw new FormatException($"No '{name}'.");

            Sha256Hash Hash(string name) =>
                Sha256Hash.TryParseHex(Text(name), out var hash)
                    ? hash
                    : throw new FormatException($"The member '{name}' of a leaf is a SHA-256 hash in hexadecimal.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("The bytes are not those of a leaf of an event.", e);
        }
    }

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    // Six digits always, as many as PostgreSQL keeps.
    private static string TimeText(DateTimeOffset at) =>
        at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static byte[] NumberText(long number) =>
        CanonicalJson.Format(number.ToString(CultureInfo.InvariantCulture));
}
