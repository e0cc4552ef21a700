using JitFunctions.LocalStack;

await using var postgres = await PostgresServer.StartAsync();
Console.WriteLine(await postgres.CreateDatabaseAsync("check"));
if (args is ["hang"]) await Task.Delay(Timeout.Infinite);
