using JitFunctions.KubectlJit.Terminal;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.KubectlJit.Settings;

/// <summary>The user's configuration in YAML, and therefore also JSON. A missing file counts as empty.</summary>
internal sealed record ConfigFile(
    string Path,
    string? Server,
    string? TokenFile,
    IReadOnlyList<string>? TokenCommand,
    string? DefaultCluster
)
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
        var file = new YamlFile(path, "config");
        var config = new ConfigFile(path, null, null, null, null);
        foreach (var (key, value) in Settings(file))
        {
            config = (key as YamlScalarNode)?.Value switch
            {
                "server" => config with { Server = Text(value) },
                "tokenFile" => config with { TokenFile = Resolve(Text(value)) },
                "tokenCommand" => config with { TokenCommand = Words(value) },
                "defaultCluster" => config with { DefaultCluster = Text(value) },
                var other => throw file.Wrong(
                    key,
                    $"unknown key '{other}'",
                    "the keys are server, tokenFile, tokenCommand and defaultCluster"
                ),
            };
        }

        return config;

        string Text(YamlNode node) =>
            node is YamlScalarNode { Value: { Length: > 0 } text }
                ? text
                : throw file.Wrong(node, "not a text", "write one value");

        string[] Words(YamlNode node) =>
            node is YamlSequenceNode { Children: { Count: > 0 } words }
                ? [.. words.Select(Text)]
                : throw file.Wrong(
                    node,
                    "tokenCommand is not a list",
                    "write the program and each argument: [program, argument]"
                );

        string Resolve(string name) =>
            name.StartsWith("~/", StringComparison.Ordinal)
                ? System.IO.Path.Combine(home, name[2..])
                : System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, name);
    }

    private static YamlMappingNode Settings(YamlFile file) =>
        file.Root() switch
        {
            null => new YamlMappingNode(),
            YamlMappingNode settings => settings,
            _ => throw new Failure(
                ExitCode.Usage,
                $"{file.Path} is not a list of settings",
                file.Code,
                "write lines such as 'server: https://jit.example.com'"
            ),
        };
}
