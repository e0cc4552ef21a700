using System.Diagnostics;
using System.Net;
using Azure.Monitor.OpenTelemetry.Exporter;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Functions.Platform;
using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Functions.Platform.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace JitFunctions.Functions.Tests.Platform.Telemetry;

public sealed class TelemetryExportTests
{
    private const string ConnectionString =
        "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://127.0.0.1:1/";

    [Fact]
    public void Without_a_place_to_send_to_nothing_is_set_up()
    {
        var services = new ServiceCollection();
        services.AddTelemetryExport(Read(), new(new(), TimeProvider.System), Composition.SpanSources, Metrics.Meter);
        Assert.Empty(services);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", ConnectionString)]
    public void Whoever_it_is_sent_to_everything_that_has_an_origin_is_recorded_whatever_the_caller_says(
        string setting,
        string value
    )
    {
        using var provider = Provider((setting, value));
        provider.GetRequiredService<TracerProvider>();
        using var source = new ActivitySource(ClusterTracing.Source);

        var unwanted = new ActivityContext(
            ActivityTraceId.CreateRandom(),
            ActivitySpanId.CreateRandom(),
            ActivityTraceFlags.None,
            isRemote: true
        );
        for (var i = 0; i < 50; i++)
        {
            using var span = source.StartActivity("cluster GET roles", ActivityKind.Client, unwanted);
            Assert.True(span?.Recorded);
        }

        using var idle = source.StartActivity("cluster GET roles", ActivityKind.Client, default(ActivityContext));
        Assert.NotEqual(true, idle?.Recorded);
    }

    [Fact]
    public void The_version_of_the_app_goes_with_everything_that_is_sent()
    {
        using var provider = Provider(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));

        var resource = provider.GetRequiredService<TracerProvider>().GetResource();

        var version = Assert.Single(resource.Attributes, attribute => attribute.Key == "service.version").Value;
        Assert.Equal(AppVersion.Text, version);
        Assert.Matches(@"^\d+\.\d+\.\d+(-dev)?(\+[0-9a-f]{40})?$", AppVersion.Text);
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("Authorization=AAD", null, true)]
    [InlineData(
        "Authorization=AAD;ClientId=00000000-0000-0000-0000-000000000001",
        "00000000-0000-0000-0000-000000000001",
        true
    )]
    public void Azure_Monitor_gets_the_app_s_own_way_to_sign_in_where_one_is_set_and_keeps_nothing_on_the_disk(
        string? identity,
        string? clientId,
        bool expected
    )
    {
        var azure = new AzureMonitorExporterOptions();
        var credentials = new AppCredentials(
            new()
            {
                Kind = IdentityKind.WorkloadIdentity,
                Workload = new()
                {
                    TenantId = "t",
                    ClientId = "c",
                    TokenFile = "/token",
                },
            },
            TimeProvider.System
        );
        TelemetryExport.Configure(
            azure,
            Read(
                ("APPLICATIONINSIGHTS_CONNECTION_STRING", ConnectionString),
                ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", identity)
            ),
            credentials
        );
        Assert.Equal((ConnectionString, true), (azure.ConnectionString, azure.DisableOfflineStorage));
        Assert.Same(expected ? credentials.For(clientId) : null, azure.Credential);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "secret")]
    [InlineData("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "secret")]
    [InlineData("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "ClientId=secret")]
    public void What_is_set_wrongly_is_said_without_showing_it(string setting, string value)
    {
        var error = Assert.Single(Read((setting, value)).Errors());
        Assert.StartsWith(setting, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/namespaces/payments/serviceaccounts/jit-1/token", "serviceaccounts/token")]
    [InlineData("/api/v1/namespaces/payments/secrets", "secrets")]
    [InlineData("/api/v1/namespaces/payments", "namespaces")]
    [InlineData("/api/v1/namespaces", "namespaces")]
    [InlineData("/apis/rbac.authorization.k8s.io/v1/namespaces/payments/rolebindings/jit-1", "rolebindings")]
    [InlineData("/apis/rbac.authorization.k8s.io/v1/clusterroles/edit", "clusterroles")]
    [InlineData("/apis/authorization.k8s.io/v1/subjectaccessreviews", "subjectaccessreviews")]
    [InlineData("/version", "other")]
    [InlineData("/", "other")]
    public void Calls_to_a_cluster_are_named_by_what_they_are_about_and_by_nobody_s_choice(
        string path,
        string resource
    ) => Assert.Equal(resource, ClusterTracing.ResourceIn(new($"https://cluster.example.com{path}")));

    [Fact]
    public void A_call_of_our_own_carries_the_trace_and_none_of_the_caller_s_baggage()
    {
        using var span = new Activity("call").AddBaggage("who", new string('x', 8000)).Start();
        Dictionary<string, string> headers = [];
        new TraceContextOnly(DistributedContextPropagator.CreateDefaultPropagator()).Inject(
            span,
            headers,
            (to, name, value) => ((Dictionary<string, string>)to!).Add(name, value)
        );
        Assert.Equal(span.Id, Assert.Contains("traceparent", (IDictionary<string, string>)headers));
        Assert.Single(headers);
    }

    [Fact]
    public async Task A_failed_call_to_a_cluster_is_told_by_its_status()
    {
        Activity? told = null;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ClusterTracing.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => told = (string?)span.GetTagItem("jit.cluster") == "told" ? span : told,
        };
        ActivitySource.AddActivityListener(listener);
        using var client = new HttpClient(new ClusterTracing("told") { InnerHandler = new Refusing() });
        using var answer = await client.GetAsync(
            new Uri("https://cluster.example.com/api/v1/namespaces/payments/pods"),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(
            ("cluster GET pods", ActivityStatusCode.Error, 403),
            (told!.DisplayName, told.Status, (int?)told.GetTagItem("http.response.status_code"))
        );
    }

    private static TelemetryOptions Read(params (string Key, string? Value)[] settings) =>
        TelemetryOptions.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value))
                .Build()
        );

    private static ServiceProvider Provider(params (string Key, string? Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddTelemetryExport(
            Read(settings),
            new(new(), TimeProvider.System),
            Composition.SpanSources,
            Metrics.Meter
        );
        return services.BuildServiceProvider();
    }

    private sealed class Refusing : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden));
    }
}
