using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class WhoCanCommand : Command, IListCommand
{
    private readonly Argument<string> _verb = new("verb")
    {
        Description = "Verb: get, list, create, delete, …",
        HelpName = "VERB",
    };

    private readonly Argument<ResourceName?> _resource = new("resource")
    {
        Description = "Resource: secrets, pods/exec, deployments.apps",
        HelpName = "RESOURCE",
        CustomParser = result =>
        {
            var (resource, wrong) = ResourceName.Parse(result.Tokens[0].Value);
            if (wrong is not null)
                result.AddError(wrong);
            return resource;
        },
    };

    private readonly ClusterOption _cluster;
    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "In this namespace",
        HelpName = "name",
    };
    private readonly Option<bool> _clusterWide = new("--cluster-wide") { Description = "In the whole cluster" };
    private readonly Option<string?> _name = new("--resource-name")
    {
        Description = "Only for the object with this name",
        HelpName = "name",
    };
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public WhoCanCommand(GlobalOptions globals, Shell shell)
        : base("who-can", "Show who can get a right, by which policy and role (for administrators and auditors)")
    {
        (_globals, _shell, _cluster) = (globals, shell, new ClusterOption(shell));
        Arguments.Add(_verb);
        Arguments.Add(_resource);
        _cluster.AddTo(this);
        Option[] options = [_namespace, _clusterWide, _name];
        foreach (var option in options)
            Options.Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(_namespace) is not null == result.GetValue(_clusterWide))
                result.AddError("Say where: -n NAMESPACE, or --cluster-wide");
        });
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (verb, resource) = (parsed.GetValue(_verb)!, parsed.GetValue(_resource)!);
        Verbs.Warn(_shell, [verb]);
        var question = new RightQuestion(
            _cluster.Name(parsed),
            parsed.GetValue(_namespace),
            parsed.GetValue(_clusterWide) ? true : null,
            verb,
            resource.Name,
            resource.Group is "" ? null : resource.Group,
            parsed.GetValue(_name)
        );
        using var server = _globals.Connect(parsed, _shell);
        new PolicyOutput(_shell, _globals.Format(parsed)).WriteHolders(await server.WhoCanAsync(question, cancel));
    }
}
