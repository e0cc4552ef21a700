using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit;

/// <summary>Prints help, followed by examples and the exit codes, and the version.</summary>
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
            var (code, output) = (help.Invoke(parseResult), parseResult.InvocationConfiguration.Output);
            if (Examples.For(PathOf(parseResult.CommandResult)) is [_, ..] examples)
            {
                output.WriteLine("Examples:");
                foreach (var example in examples)
                    output.WriteLine($"  {example}");
                output.WriteLine();
            }

            output.WriteLine(ExitCodes.Help);
            return code;
        }

        // The path without kubectl itself.
        private static string PathOf(CommandResult result) =>
            result.Parent is CommandResult { Parent: not null } parent
                ? $"{PathOf(parent)} {result.Command.Name}"
                : result.Command.Name;
    }

    private sealed class Version : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"kubectl-jit {BuildVersion.OwnText}");
            return 0;
        }
    }
}
