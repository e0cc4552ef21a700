using System.Security.Cryptography;
using JitFunctions.Domain.Policies;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.Functions.Policies;

/// <summary>Reads the policy file. Anything in it that is not understood makes the whole file invalid.</summary>
public static class PolicyFile
{
    /// <exception cref="InvalidPolicyException">With every error that was found, each by line and column.</exception>
    public static PolicySet Load(string path)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidPolicyException([$"{path}: {e.Message}"]);
        }

        return Parse(content, path);
    }

    public static PolicySet Parse(byte[] content, string name)
    {
        var errors = new PolicyErrors(name);
        var policies = Root(content, errors) is { } root ? PolicyParser.Parse(root, Version(content), errors) : null;
        errors.ThrowIfAny();
        return policies!;
    }

    private static string Version(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private static YamlNode? Root(byte[] content, PolicyErrors errors)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(content));
            var yaml = new YamlStream();
            yaml.Load(reader);
            if (yaml.Documents is [var document])
                return document.RootNode;
            errors.Add(Mark.Empty, "must hold exactly one YAML document.");
        }
        catch (YamlException e)
        {
            errors.Add(e.Start, $"not YAML: {e.Message}");
        }
        catch (InvalidOperationException e)
        {
            // What the parser throws where the file ends in the middle of something.
            errors.Add(Mark.Empty, $"not YAML: {e.Message}");
        }

        return null;
    }
}
