using Grpc.Core;
using Grpc.Net.Client;
using JitFunctions.EmbeddedHost.Protocol;
using JitFunctions.EmbeddedHost.Tests.Support;
using JitFunctions.EmbeddedHost.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace JitFunctions.EmbeddedHost.Tests.Hosting;

/// <summary>The host's end of the worker's stream, with a worker that goes away.</summary>
public sealed class BrokenStreamTests : IAsyncLifetime
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    private static readonly Method<byte[], byte[]> EventStream = new(
        MethodType.DuplexStreaming,
        "AzureFunctionsRpcMessages.FunctionRpc",
        "EventStream",
        Bytes,
        Bytes
    );

    private readonly HostEndpoint _endpoint = new();
    private readonly ApplicationLifetime _app = new(NullLogger<ApplicationLifetime>.Instance);
    private ServiceProvider _services = null!;
    private GrpcChannel _channel = null!;
    private AsyncDuplexStreamingCall<byte[], byte[]> _stream = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FunctionWorker Worker => _services.GetRequiredService<FunctionWorker>();

    private WorkerServer Server => _services.GetRequiredService<WorkerServer>();

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationManager())
            .AddSingleton<IHostApplicationLifetime>(_app)
            .AddSingleton(_endpoint)
            .AddSingleton<FunctionWorker>()
            .AddSingleton(WorkerService.Of<FunctionWorker>())
            .AddSingleton<WorkerServer>()
            .BuildServiceProvider();
        await Server.StartingAsync(Cancellation);

        _channel = GrpcChannel.ForAddress(_endpoint.Address);
        _stream = _channel
            .CreateCallInvoker()
            .AsyncDuplexStreamingCall(EventStream, null, new CallOptions(cancellationToken: Cancellation));
        var hello = new StreamingMessage { StartStream = new StartStream { WorkerId = _endpoint.Secret } };
        await _stream.RequestStream.WriteAsync(Google.Protobuf.MessageExtensions.ToByteArray(hello), Cancellation);
        Assert.True(await _stream.ResponseStream.MoveNext(Cancellation), "the host asks the worker to begin");
    }

    public async ValueTask DisposeAsync()
    {
        _stream.Dispose();
        _channel.Dispose();
        await Server.StoppedAsync(Cancellation);
        await _services.DisposeAsync();
    }

    /// <summary>A node that can run nothing would keep its lease, and its work with it.</summary>
    [Fact]
    public async Task A_worker_that_is_gone_ends_the_process_and_what_it_was_asked_is_undone()
    {
        var asked = Worker.InvokeAsync(new InvocationRequest { InvocationId = "1" }, Cancellation);
        Assert.True(await _stream.ResponseStream.MoveNext(Cancellation), "the invocation arrives");
        _stream.Dispose();

        await Assert.ThrowsAsync<IOException>(() => asked.WaitAsync(Eventually.Deadline, Cancellation));
        await Eventually.HoldsAsync(
            () => Task.FromResult(_app.ApplicationStopping.IsCancellationRequested),
            "the process ends"
        );
        await Assert.ThrowsAsync<IOException>(() =>
            Worker.InvokeAsync(new InvocationRequest { InvocationId = "2" }, Cancellation)
        );
    }

    [Fact]
    public async Task A_worker_that_goes_because_the_process_ends_is_no_failure()
    {
        _app.StopApplication();
        Worker.Disconnect();

        Assert.False(await _stream.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(StatusCode.OK, _stream.GetStatus().StatusCode);
    }
}
