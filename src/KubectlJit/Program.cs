using JitFunctions.KubectlJit;
using JitFunctions.KubectlJit.Terminal;

return await CommandLine.RunAsync(args, Shell.OfThisProcess());
