using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using JitFunctions.EmbeddedHost.Protocol;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Worker;

/// <summary>
/// The host's end of the <c>FunctionRpc</c> stream that the worker of this process opens. It asks the worker for its
/// functions, tells it to load them, and then invokes them.
/// </summary>
internal sealed class FunctionWorker(
    HostEndpoint endpoint,
    IConfiguration configuration,
    IHostApplicationLifetime app,
    ILogger<FunctionWorker> logger
) : FunctionRpc.FunctionRpcBase
{
    private readonly Channel<StreamingMessage> _outbox = Channel.CreateUnbounded<StreamingMessage>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _asked = new();
    private readonly TaskCompletionSource<FunctionCatalog> _loaded = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private int _connected;

    /// <summary>The functions, once the worker has loaded them.</summary>
    public Task<FunctionCatalog> Loaded => _loaded.Task;

    /// <summary>The functions. Use this only after the app has started.</summary>
    public FunctionCatalog Functions =>
        _loaded.Task.IsCompletedSuccessfully
            ? _loaded.Task.Result
            : throw new InvalidOperationException("The functions are not loaded yet.");

    /// <summary>Runs as long as the worker is connected.</summary>
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream,
        IServerStreamWriter<StreamingMessage> responseStream,
        ServerCallContext context
    )
    {
        var isWorker =
            await requestStream.MoveNext(context.CancellationToken)
            && endpoint.IsSecret(requestStream.Current.StartStream?.WorkerId);
        if (!isWorker || Interlocked.Exchange(ref _connected, 1) != 0)
            throw new Grpc.Core.RpcException(
                new Status(StatusCode.PermissionDenied, "Only the worker of this process may connect.")
            );

        _ = ReadAsync(requestStream, context.CancellationToken);
        _ = LoadAsync();
        while (await _outbox.Reader.WaitToReadAsync(context.CancellationToken))
            await WriteAsync(responseStream, context.CancellationToken);
    }

    /// <summary>Runs one invocation, including middleware, and returns its result, which may be a failure.</summary>
    /// <param name="cancellation">Asks the function to stop. The call still waits for its response.</param>
    /// <exception cref="IOException">The worker is gone.</exception>
    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellation)
    {
        var answer = AskAsync(request.InvocationId, new StreamingMessage { InvocationRequest = request });
        await using var cancelling = cancellation.UnsafeRegister(
            _ =>
                _outbox.Writer.TryWrite(
                    new StreamingMessage { InvocationCancel = new() { InvocationId = request.InvocationId } }
                ),
            null
        );
        return (await answer).InvocationResponse;
    }

    /// <summary>Ends the stream after all pending messages have been sent.</summary>
    public void Disconnect() => _outbox.Writer.TryComplete();

    // Pending messages are sent together, because a system call costs more than most messages.
    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> worker, CancellationToken cancellation)
    {
        while (_outbox.Reader.TryRead(out var message))
        {
            worker.WriteOptions = _outbox.Reader.TryPeek(out _)
                ? new WriteOptions(WriteFlags.BufferHint)
                : WriteOptions.Default;
            await worker.WriteAsync(message, cancellation);
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<StreamingMessage> worker, CancellationToken cancellation)
    {
        try
        {
            while (await worker.MoveNext(cancellation))
            {
                // All other messages are the worker's log, which this process writes itself.
                var message = worker.Current;
                var id = message.InvocationResponse?.InvocationId ?? message.RequestId;
                if (_asked.TryRemove(id, out var asked))
                    asked.TrySetResult(message);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // No more responses will arrive, see below.
        }
        finally
        {
            Disconnect();
            foreach (var open in _asked.Values)
                open.TrySetException(new IOException("The Functions worker has closed its connection."));
            // A node that cannot run anything would keep its lease, and other nodes would not take over its work. So
            // the process ends.
            if (!app.ApplicationStopping.IsCancellationRequested)
            {
                logger.LogCritical("The Functions worker of this process has closed its connection; the process ends");
                app.StopApplication();
            }
        }
    }

    private Task<StreamingMessage> AskAsync(string id, StreamingMessage question)
    {
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        question.RequestId = id;
        if (!_outbox.Writer.TryWrite(question))
            answer.TrySetException(new IOException("The Functions worker is not connected."));
        return answer.Task;
    }

    private async Task LoadAsync()
    {
        try
        {
            var folder = AppContext.BaseDirectory;
            var init = await AskAsync(
                NewId(),
                new()
                {
                    WorkerInitRequest = new() { HostVersion = "4.0.0", FunctionAppDirectory = folder },
                }
            );
            Check(init.WorkerInitResponse.Result);
            var metadata = await AskAsync(
                NewId(),
                new() { FunctionsMetadataRequest = new() { FunctionAppDirectory = folder } }
            );
            Check(metadata.FunctionMetadataResponse.Result);
            List<Function> functions = [];
            foreach (var found in metadata.FunctionMetadataResponse.FunctionMetadataResults)
            {
                if (FunctionCatalog.IsDisabled(found, configuration))
                    continue;
                var load = await AskAsync(
                    NewId(),
                    new()
                    {
                        FunctionLoadRequest = new() { FunctionId = found.FunctionId, Metadata = found },
                    }
                );
                Check(load.FunctionLoadResponse.Result);
                functions.Add(new Function(found));
            }

            logger.LogDebug(
                "Worker {Version} has loaded {Count} functions",
                init.WorkerInitResponse.WorkerVersion,
                functions.Count
            );
            _loaded.SetResult(new FunctionCatalog(functions));
        }
        catch (Exception exception)
        {
            _loaded.SetException(exception);
        }
    }

    private static string NewId() => Guid.NewGuid().ToString();

    private static void Check(StatusResult result)
    {
        if (result.Status != StatusResult.Types.Status.Success)
            throw new InvalidOperationException(
                result.Exception?.Message ?? "The Functions worker could not load the functions."
            );
    }
}
