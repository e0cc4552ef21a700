using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Checkpoints;

/// <summary>The size and the root of a log at one time: the text that a log signs (C2SP tlog-checkpoint).</summary>
/// <param name="Origin">The name of the log, which is also that of its keys.</param>
/// <param name="Size">The number of leaves.</param>
public sealed record Checkpoint(string Origin, long Size, Sha256Hash Root)
{
    /// <summary>Further lines, none of them empty. A verifier cannot check what they say.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <exception cref="FormatException">The text of a note is not that of a checkpoint.</exception>
    public static Checkpoint Parse(string text)
    {
        if (!text.EndsWith('\n') || text.Split('\n')[..^1] is not [var origin, var size, var root, .. var extensions])
            throw new FormatException("A checkpoint has at least three lines: origin, size and root.");
        if (origin is "")
            throw new FormatException("The origin of a checkpoint is not empty.");
        if (!StrictDecimal.TryParse(size, out var leaves))
            throw new FormatException("The size of a checkpoint is a decimal number without leading zeroes.");
        if (!Sha256Hash.TryParseBase64(root, out var hash))
            throw new FormatException("The root of a checkpoint is base64 of 32 bytes.");
        if (extensions.Contains(""))
            throw new FormatException("The lines of a checkpoint are not empty.");
        return new(origin, leaves, hash) { Extensions = extensions };
    }

    /// <summary>The text to sign, with its last line feed.</summary>
    public override string ToString() =>
        string.Join('\n', [Origin, StrictDecimal.Format(Size), Root.ToBase64(), .. Extensions, ""]);
}
