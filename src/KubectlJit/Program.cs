using JitFunctions.KubectlJit;

return await CommandLine.RunAsync(args, Shell.OfThisProcess());
