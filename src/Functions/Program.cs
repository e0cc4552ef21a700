using JitFunctions.EmbeddedHost;
using JitFunctions.Functions;
using JitFunctions.Functions.Http;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Functions.Platform.Telemetry;
using JitFunctions.Functions.Policies;
using JitFunctions.Functions.Reconciliation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

if (args is ["reap", .. var options])
    return await ReapCommand.RunAsync(options, Console.Out, Console.Error, CancellationToken.None);
if (PolicyCheckCommand.IsMeant(args))
    return await PolicyCheckCommand.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);

try
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.UseEmbeddedHost();
    builder.ConfigureFunctionsWebApplication();
    // These categories log two lines for each call; the host logs calls itself.
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    if (SchemaCommand.IsMeant(args))
    {
        await Console.Out.WriteLineAsync(await SchemaCommand.RunAsync(args, builder));
        return 0;
    }

    if (RecordCommand.IsMeant(args))
        return await RecordCommand.RunAsync(args, builder, Console.Out, CancellationToken.None);
    if (LogCommand.IsMeant(args))
        return await LogCommand.RunAsync(args, builder, Console.Out, CancellationToken.None);
    if (ReadModelsCommand.IsMeant(args))
        return await ReadModelsCommand.RunAsync(args, builder, Console.Out, CancellationToken.None);

    builder.UseWhen<CallTrace>(IsHttp);
    builder.UseWhen<ErrorMiddleware>(IsHttp);
    builder.UseWhen<BearerMiddleware>(IsHttp);
    builder.UseWhen<ReadingMiddleware>(IsHttp);
    builder.UseWhen<ScheduleWatch>(IsTimer);
    builder.UseWhen<HostTrace>(IsActivity);
    builder.Services.AddJitAccess(Settings.Read(builder.Configuration));
    using var host = Build(builder);
    if (
        await host.Services.GetRequiredService<PolicyPublisher>().ErrorsAtStartAsync(CancellationToken.None)
        is [_, ..] errors
    )
        throw new InvalidSettingsException(errors);
    await StartAsync(host);
    await host.WaitForShutdownAsync();
    return 0;
}
catch (InvalidSettingsException e)
{
    // The operator has to correct this, so there is no stack trace.
    foreach (var error in e.Errors)
        await Console.Error.WriteLineAsync(error);
    return 1;
}

static bool IsHttp(FunctionContext context) => IsTriggeredBy(context, "httpTrigger");

static bool IsTimer(FunctionContext context) => IsTriggeredBy(context, "timerTrigger");

static bool IsActivity(FunctionContext context) => IsTriggeredBy(context, "activityTrigger");

static bool IsTriggeredBy(FunctionContext context, string trigger) =>
    context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == trigger);

static IHost Build(FunctionsApplicationBuilder builder)
{
    try
    {
        return builder.Build();
    }
    catch (Exception e) when (e is InvalidOperationException or OptionsValidationException)
    {
        throw new InvalidSettingsException([e.Message]);
    }
}

// The host throws these for errors in its own settings or in the functions, such as in a schedule.
static async Task StartAsync(IHost host)
{
    try
    {
        await host.StartAsync();
    }
    catch (Exception e) when (e is InvalidOperationException or OptionsValidationException)
    {
        throw new InvalidSettingsException([e.Message]);
    }
}
