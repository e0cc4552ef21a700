using System.Text;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Text;

namespace JitFunctions.PolicyReading;

/// <summary>
/// What a source held at one moment. It need not be valid: <see cref="PolicyFiles.Parse"/> says what is wrong with it.
/// </summary>
/// <param name="Publisher">Who published it, as the source itself says.</param>
public sealed record PolicySourceText(IReadOnlyList<PolicyFileText> Files, string Publisher, string Source);

/// <summary>The source cannot be read now. What it held before is still the last that is known of it.</summary>
public sealed class PolicySourceException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Where policy files come from.</summary>
public abstract class PolicySource
{
    /// <summary>Of the file that says who published the others.</summary>
    protected const string PublisherFile = "publisher";

    private const int LongestPublisher = 200;

    /// <summary>More bytes than a good one has.</summary>
    protected const int LongestPublisherFile = 1000;

    /// <summary>Such as <c>folder /etc/jit/policies</c>.</summary>
    public abstract string Name { get; }

    /// <summary>All policy files as they were at one moment.</summary>
    /// <exception cref="PolicySourceException">The source does not answer, or was changed while it was read: try again
    /// later.</exception>
    public abstract Task<PolicySourceText> ReadAsync(CancellationToken cancellation);

    protected static bool IsPolicyFile(string name) =>
        name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    /// <summary>What is no UTF-8 becomes U+FFFD, which no policy file may hold.</summary>
    protected static string Text(ReadOnlySpan<byte> content) =>
        Encoding.UTF8.GetString(
            content.StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content
        );

    /// <param name="publisher">The content of the file that says so; null without one.</param>
    protected PolicySourceText Found(IEnumerable<PolicyFileText> files, string? publisher) =>
        new([.. files.OrderBy(file => file.Name, StringComparer.Ordinal)], Publisher(publisher), Name);

    private string Publisher(string? content) =>
        content?.TrimEnd('\r', '\n') switch
        {
            null => $"unknown: {Name} names nobody",
            var line when IsOneLine(line) => line,
            _ => $"unknown: {Name} has a '{PublisherFile}' that is not one line of at most {LongestPublisher} "
                + "characters",
        };

    private static bool IsOneLine(string text) =>
        !string.IsNullOrWhiteSpace(text)
        && text.Length <= LongestPublisher
        && PlainText.IsLine(text)
        && !text.Contains('\uFFFD', StringComparison.Ordinal);
}
