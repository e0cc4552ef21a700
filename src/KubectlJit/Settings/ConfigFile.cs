using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.KubectlJit.Settings;

/// <summary>The user's configuration: YAML, and so JSON too. An absent file is an empty one.</summary>
internal sealed record ConfigFile(
    string Path, string? Server, string? TokenFile, IReadOnlyList<string>? TokenCommand, string? DefaultCluster)
{
    public static ConfigFile Load(Shell shell)
    {
        var home = shell.NonEmpty("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder = shell.NonEmpty("XDG_CONFIG_HOME") ?? System.IO.Path.Combine(home, ".config");
        var path = System.IO.Path.Combine(folder, "kubectl-jit", "config.yaml");
        return File.Exists(path) ? Parse(path, home) : new ConfigFile(path, null, null, null, null);
    }

    private static ConfigFile Parse(string path, string home)
    {
        var config = new ConfigFile(path, null, null, null, null);
        foreach (var (key, value) in Root(path))
        {
            config = (key as YamlScalarNode)?.Value switch
            {
                "server" => config with { Server = Text(value) },
                "tokenFile" => config with { TokenFile = Resolve(Text(value)) },
                "tokenCommand" => config with { TokenCommand = Words(value) },
                "defaultCluster" => config with { DefaultCluster = Text(value) },
                var other => throw Wrong(key, $"unknown key '{other}'", "the keys are server, tokenFile, tokenCommand and defaultCluster"),
            };
        }

        return config;

        string Text(YamlNode node) => node is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw Wrong(node, "not a text", "write one value");

        string[] Words(YamlNode node) => node is YamlSequenceNode { Children: { Count: > 0 } words }
            ? [.. words.Select(Text)]
            : throw Wrong(node, "tokenCommand is not a list", "write the program and each argument: [program, argument]");

        string Resolve(string file) => file.StartsWith("~/", StringComparison.Ordinal)
            ? System.IO.Path.Combine(home, file[2..])
            : System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, file);

        Failure Wrong(YamlNode node, string what, string remedy) =>
            new(ExitCode.Usage, $"{path}:{node.Start.Line}: {what}", "config", remedy);
    }

    private static YamlMappingNode Root(string path)
    {
        try
        {
            using var reader = File.OpenText(path);
            var stream = new YamlStream();
            stream.Load(reader);
            if (stream.Documents.Count == 0) return new YamlMappingNode();
            return stream.Documents[0].RootNode is YamlMappingNode mapping
                ? mapping
                : throw new Failure(ExitCode.Usage, $"{path} is not a list of settings", "config", "write lines such as 'server: https://jit.example.com'");
        }
        catch (YamlException broken)
        {
            throw new Failure(ExitCode.Usage, $"{path}:{broken.Start.Line}: {broken.Message}", "config", "correct the YAML", broken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new Failure(ExitCode.Usage, $"cannot read {path}: {unreadable.Message}", "config", "correct its permissions", unreadable);
        }
    }
}
