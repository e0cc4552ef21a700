using JitFunctions.Benchmarks;

return args is [MinimalApp.Verb] ? await MinimalApp.RunAsync() : await BenchmarkCommand.RunAsync(args);
