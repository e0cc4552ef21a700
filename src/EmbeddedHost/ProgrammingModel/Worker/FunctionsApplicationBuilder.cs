using JitFunctions.EmbeddedHost.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

public class FunctionsApplication
{
    /// <summary>The app's functions are those of the entry assembly and of the assemblies that it references.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}

public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly WebApplicationBuilder _web;
    private readonly MiddlewarePipeline _pipeline = new();
    private bool _servesHttp;

    internal FunctionsApplicationBuilder(string[]? args)
    {
        _web = WebApplication.CreateBuilder(args ?? []);
        // At its default level ASP.NET Core logs every address that is called, with its query.
        _web.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        _web.Services.AddFunctionHost(_pipeline);
    }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_web).Properties;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    public ConfigurationManager Configuration => _web.Configuration;

    public IHostEnvironment Environment => _web.Environment;

    public ILoggingBuilder Logging => _web.Logging;

    public IMetricsBuilder Metrics => _web.Metrics;

    public IServiceCollection Services => _web.Services;

    /// <exception cref="InvalidOperationException">A function or a setting is not usable; the message names it.</exception>
    public IHost Build()
    {
        var app = _web.Build();
        app.UseFunctionHost(_servesHttp);
        return app;
    }

    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull
        => ((IHostApplicationBuilder)_web).ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _pipeline.Add(middleware);
        return this;
    }

    internal void ServeHttp() => _servesHttp = true;
}

public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Serves the HTTP functions on the addresses that ASP.NET Core is configured with (<c>ASPNETCORE_URLS</c>).</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.ServeHttp();
        return builder;
    }
}
