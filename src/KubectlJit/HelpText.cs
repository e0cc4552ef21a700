using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;

namespace JitFunctions.KubectlJit;

/// <summary>Help, with the exit codes beneath, and the version.</summary>
internal static class HelpText
{
    public static void AddTo(Command jit)
    {
        var help = new HelpOption();
        var withExitCodes = new WithExitCodes((HelpAction)help.Action!);
        help.Action = withExitCodes;
        jit.Options.Add(help);
        jit.Options.Add(new Option<bool>("--version") { Description = "Show the version", Action = new Version() });
        jit.SetAction(withExitCodes.Invoke);
    }

    private sealed class WithExitCodes(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(ExitCodes.Help);
            return code;
        }
    }

    private sealed class Version : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var version = typeof(Version).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
            parseResult.InvocationConfiguration.Output.WriteLine($"kubectl-jit {version?.InformationalVersion}");
            return 0;
        }
    }
}
