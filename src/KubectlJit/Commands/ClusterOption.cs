using System.CommandLine;
using System.CommandLine.Parsing;
using JitFunctions.KubectlJit.Settings;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary><c>--cluster</c>, or the default of the configuration.</summary>
internal sealed class ClusterOption(Shell shell)
{
    private readonly Option<string?> _cluster = new("--cluster")
    {
        Description = "Cluster to act on (else defaultCluster of the configuration file)",
        HelpName = "name",
    };

    public void AddTo(Command command) => command.Options.Add(_cluster);

    public bool Given(CommandResult result) => result.GetResult(_cluster) is not null;

    public string Name(ParseResult parsed) => parsed.GetValue(_cluster) ?? Default();

    private string Default()
    {
        var config = ConfigFile.Load(shell);
        return config.DefaultCluster
            ?? throw Failure.Usage("which cluster?", $"give --cluster, or write defaultCluster into {config.Path}");
    }
}
