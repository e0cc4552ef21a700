using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;

namespace JitFunctions.EmbeddedHost.Tests.Durable;

/// <summary>
/// Middleware stands around orchestrators and activities, too; when it fails, the function has failed.
/// </summary>
public sealed class MiddlewareTests(PostgresFixture postgres)
{
    [Fact]
    public async Task An_activity_whose_middleware_fails_has_failed_in_words()
    {
        await using var host = await TestHost.StartAsync(
            await postgres.NewDatabaseAsync(),
            builder => builder.UseMiddleware<Stop>()
        );
        var done = await host.RunAsync(nameof(Orchestrations.CallsBlocked));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Contains("Blocked must not run", done.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(host.Journal.Lines);
    }

    [Fact]
    public async Task An_orchestrator_whose_middleware_fails_has_failed_in_words()
    {
        await using var host = await TestHost.StartAsync(
            await postgres.NewDatabaseAsync(),
            builder => builder.UseMiddleware<Stop>()
        );
        var done = await host.RunAsync(nameof(Orchestrations.Facts));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Contains("Facts must not run", done.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orchestrator_that_its_middleware_leaves_out_has_failed()
    {
        await using var host = await TestHost.StartAsync(
            await postgres.NewDatabaseAsync(),
            builder => builder.UseMiddleware<LeaveOut>()
        );
        var done = await host.RunAsync(nameof(Orchestrations.Facts));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Contains(nameof(Orchestrations.Facts), done.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    private sealed class Stop : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
            context.FunctionDefinition.Name is nameof(Activities.Blocked) or nameof(Orchestrations.Facts)
                ? throw new InvalidOperationException($"{context.FunctionDefinition.Name} must not run")
                : next(context);
    }

    private sealed class LeaveOut : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => Task.CompletedTask;
    }
}
