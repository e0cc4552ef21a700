using System.Net;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using Microsoft.DurableTask.Protobuf;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Tests.Hosting;

/// <summary>The loopback port of the worker, to which every process of the machine can connect.</summary>
public sealed class EndpointTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    private static readonly Method<byte[], byte[]> EventStream = new(
        MethodType.DuplexStreaming,
        "AzureFunctionsRpcMessages.FunctionRpc",
        "EventStream",
        Bytes,
        Bytes
    );

    private TestHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _host = await TestHost.StartAsync(
            await postgres.NewDatabaseAsync(),
            builder => builder.Logging.SetMinimumLevel(LogLevel.Trace)
        );

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("default")]
    public async Task No_call_of_the_sidecar_gets_anywhere_without_the_secret(string? secret)
    {
        using var channel = GrpcChannel.ForAddress(_host.Endpoint.Address);
        foreach (var method in TaskHubSidecarService.Descriptor.Methods)
        {
            var type = (method.IsClientStreaming, method.IsServerStreaming) switch
            {
                (false, false) => MethodType.Unary,
                (false, true) => MethodType.ServerStreaming,
                (true, false) => MethodType.ClientStreaming,
                _ => MethodType.DuplexStreaming,
            };
            Assert.True(type is MethodType.Unary or MethodType.ServerStreaming, method.FullName);
            var called = new Method<byte[], byte[]>(type, method.Service.FullName, method.Name, Bytes, Bytes);
            var headers = secret is null ? new Metadata() : new Metadata { { "Durable-TaskHub", secret } };

            var refused = await Assert.ThrowsAsync<RpcException>(() =>
                CallAsync(channel, called, new CallOptions(headers, cancellationToken: Cancellation))
            );

            Assert.True(refused.StatusCode is StatusCode.PermissionDenied, $"{method.Name}: {refused.Status}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nobody_else_can_become_the_worker(bool knowsTheSecret)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            ConnectAsync(knowsTheSecret ? _host.Endpoint.Secret : "00")
        );

        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Equal(
            "4 pears",
            (await _host.RunAsync(nameof(Orchestrations.Sequence), new Order("pears", 1))).ReadOutputAs<string>()
        );
    }

    [Fact]
    public async Task The_port_is_on_the_loopback_and_the_apps_own_port_does_not_lead_to_it()
    {
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(_host.Endpoint.Address.Host)));
        using var http = _host.Http;
        using var answer = await http.PostAsync(
            "TaskHubSidecarService/GetInstance",
            new ByteArrayContent([]),
            Cancellation
        );
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task The_secret_is_of_this_process_alone_and_no_log_tells_it()
    {
        await using var other = await TestHost.StartAsync(await postgres.NewDatabaseAsync());
        using var http = _host.Http;
        using var answer = await http.PostAsync("api/facts/logged", null, Cancellation);
        await _host.CompletionAsync("logged");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.NotEqual(_host.Endpoint.Secret, other.Endpoint.Secret);
        Assert.True(_host.Endpoint.Secret.Length >= 32);
        Assert.DoesNotContain(
            _host.Log.Lines,
            line => line.Contains(_host.Endpoint.Secret, StringComparison.OrdinalIgnoreCase)
        );
    }

    private static async Task CallAsync(GrpcChannel channel, Method<byte[], byte[]> method, CallOptions options)
    {
        var invoker = channel.CreateCallInvoker();
        if (method.Type is MethodType.Unary)
        {
            using var call = invoker.AsyncUnaryCall(method, null, options, []);
            await call.ResponseAsync;
        }
        else
        {
            using var call = invoker.AsyncServerStreamingCall(method, null, options, []);
            await call.ResponseStream.MoveNext(options.CancellationToken);
        }
    }

    // StreamingMessage { start_stream (20) { worker_id (2) } }
    private async Task ConnectAsync(string workerId)
    {
        byte[] start = [0x12, (byte)workerId.Length, .. Encoding.ASCII.GetBytes(workerId)];
        using var channel = GrpcChannel.ForAddress(_host.Endpoint.Address);
        using var stream = channel
            .CreateCallInvoker()
            .AsyncDuplexStreamingCall(EventStream, null, new CallOptions(cancellationToken: Cancellation));
        await stream.RequestStream.WriteAsync([0xA2, 0x01, (byte)start.Length, .. start], Cancellation);
        await stream.ResponseStream.MoveNext(Cancellation);
    }
}
