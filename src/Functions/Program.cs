using JitFunctions.Functions;
using JitFunctions.Functions.Http;
using JitFunctions.Functions.Policies;
using JitFunctions.Functions.Security;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

try
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.ConfigureFunctionsWebApplication();
    builder.UseWhen<ErrorMiddleware>(IsHttp);
    builder.UseWhen<BearerMiddleware>(IsHttp);
    builder.Services.AddJitAccess(builder.Configuration);
    await builder.Build().RunAsync();
    return 0;
}
catch (Exception e) when (e is InvalidPolicyException or OptionsValidationException)
{
    // The operator's to mend, so without a stack trace.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

static bool IsHttp(FunctionContext context) => context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == "httpTrigger");
