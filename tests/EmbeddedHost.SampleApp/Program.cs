using JitFunctions.EmbeddedHost;
using JitFunctions.EmbeddedHost.SampleApp;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A function app that tests start as a process of its own, to kill it, pause it and run it twice.
var builder = FunctionsApplication.CreateBuilder(args);
builder.UseEmbeddedHost();
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSingleton<Effects>();
await builder.Build().RunAsync();
