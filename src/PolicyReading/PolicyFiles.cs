using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Text;

namespace JitFunctions.PolicyReading;

/// <summary>Reads policy files as one set. Anything that is not understood makes the whole set invalid.</summary>
public static class PolicyFiles
{
    public const int MostFiles = 200;
    public const int MostPolicies = 5000;

    /// <summary>The maximum size of all files together, in UTF-8 bytes.</summary>
    public const int MostBytes = 1 << 20;

    /// <exception cref="InvalidPolicyException">Contains every error that was found, each with its file, line and
    /// column.</exception>
    public static PolicySet Parse(IReadOnlyList<PolicyFileText> files)
    {
        var errors = new PolicyErrors();
        CheckTogether(files, errors);
        errors.ThrowIfAny();

        var set = new SetReader();
        foreach (var file in InOrder(files))
        {
            var inFile = errors.In(file.Name);
            if (YamlText.Root(file.Content, inFile) is { } root)
                set.Read(root, inFile);
        }

        if (set.Policies.Count > MostPolicies)
            errors.Add($"{set.Policies.Count} policies: {MostPolicies} at most.");
        errors.ThrowIfAny();
        return new(VersionOf(files), set.Administrators, set.Auditors, new(set.People), set.Denials, set.Policies)
        {
            OpenRequests = set.OpenRequests ?? OpenRequestLimits.Default,
        };
    }

    /// <summary>
    /// Returns the hash of all files, valid or not. Each name and each content is preceded by its length, so that no
    /// other set of files results in the same bytes.
    /// </summary>
    public static string VersionOf(IReadOnlyList<PolicyFileText> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in InOrder(files).SelectMany(file => new[] { file.Name, file.Content }))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    private static IEnumerable<PolicyFileText> InOrder(IReadOnlyList<PolicyFileText> files) =>
        files.OrderBy(file => file.Name, StringComparer.Ordinal);

    private static void CheckTogether(IReadOnlyList<PolicyFileText> files, PolicyErrors errors)
    {
        // An empty folder means that a volume was not mounted, not that there should be no policies.
        if (files.Count == 0)
            errors.Add("There is no policy file: at least one *.yaml is needed, if only with 'policies: []'.");
        if (files.Count > MostFiles)
            errors.Add($"{files.Count} policy files: {MostFiles} at most.");
        if (files.Sum(file => (long)Encoding.UTF8.GetByteCount(file.Content)) > MostBytes)
            errors.Add($"The policy files have more than {MostBytes} bytes.");
        foreach (var file in files.Where(file => file.Name.Contains('/', StringComparison.Ordinal)))
            errors.Add(
                $"{file.Name}: lies in a folder below the policy files, where it would not be read. Move it up, "
                    + "or begin the folder's name with a dot."
            );
        foreach (var file in files.Where(file => file.Name.Length == 0 || !PlainText.IsLine(file.Name)))
            errors.Add($"{file.Name}: a file needs a name without control and invisible characters.");
        foreach (
            var twice in files.GroupBy(file => file.Name, StringComparer.Ordinal).Where(group => group.Count() > 1)
        )
            errors.Add($"{twice.Key}: there are two files of this name.");
    }
}
