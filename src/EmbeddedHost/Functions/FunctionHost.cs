using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.EmbeddedHost.Functions;

internal static class FunctionHost
{
    public static void AddFunctionHost(this IServiceCollection services, MiddlewarePipeline pipeline)
        => services.AddSingleton(pipeline);

    public static void UseFunctionHost(this WebApplication app, bool servesHttp)
        => _ = (app, servesHttp);
}
