using JitFunctions.HostApp;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
#if REAL_PACKAGES
using JitFunctions.EmbeddedHost;
#endif

// The smallest app that shows what the host costs. The same source is built against other revisions of the host.
var builder = FunctionsApplication.CreateBuilder(args);
#if REAL_PACKAGES
builder.UseEmbeddedHost();
#endif
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSingleton<Arrivals>();
await builder.Build().RunAsync();
