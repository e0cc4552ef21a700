using System.Text;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Text;

namespace JitFunctions.PolicyReading;

/// <summary>
/// The content of a source at one moment. It may be invalid: <see cref="PolicyFiles.Parse"/> reports the errors.
/// </summary>
/// <param name="Publisher">The publisher, as stated by the source.</param>
public sealed record PolicySourceText(IReadOnlyList<PolicyFileText> Files, string Publisher, string Source);

/// <summary>The source cannot be read now. Its last known content stays valid.</summary>
public sealed class PolicySourceException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Where policy files come from.</summary>
public abstract class PolicySource
{
    /// <summary>The name of the file that names the publisher of the others.</summary>
    protected const string PublisherFile = "publisher";

    private const int LongestPublisher = 200;

    /// <summary>The number of bytes to read. A valid file has fewer.</summary>
    protected const int LongestPublisherFile = 1000;

    /// <summary>For example <c>folder /etc/jit/policies</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Reads all policy files as they were at one moment.</summary>
    /// <exception cref="PolicySourceException">The source does not answer, or was changed while it was read: try again
    /// later.</exception>
    public abstract Task<PolicySourceText> ReadAsync(CancellationToken cancellation);

    protected static bool IsPolicyFile(string name) =>
        name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    /// <summary>Decodes UTF-8. Invalid bytes become U+FFFD, which policy files must not contain.</summary>
    protected static string Text(ReadOnlySpan<byte> content) =>
        Encoding.UTF8.GetString(
            content.StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content
        );

    /// <param name="publisher">The content of the publisher file; null if there is none.</param>
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
