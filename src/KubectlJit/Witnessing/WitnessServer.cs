using System.Globalization;
using System.Net;
using System.Text;
using JitFunctions.KubectlJit.Terminal;
using JitFunctions.TransparencyLog.Witnessing;

namespace JitFunctions.KubectlJit.Witnessing;

/// <summary>
/// The HTTP interface of a witness (C2SP tlog-witness): <c>POST /add-checkpoint</c> and
/// <c>GET /HEX/checkpoint</c>, where HEX is the SHA-256 of the log's origin.
/// </summary>
/// <param name="tell">Gets a line about each decision.</param>
internal sealed class WitnessServer(Witness witness, Action<string> tell)
{
    private const int MostBytes = 1024 * 1024;
    private const int AtOnce = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs until it is cancelled.</summary>
    /// <exception cref="Failure">It cannot listen there.</exception>
    public async Task RunAsync(IPEndPoint address, CancellationToken cancel)
    {
        using var listener = new HttpListener();
        listener.Prefixes.Add($"http://{address}/");
        try
        {
            listener.Start();
        }
        catch (HttpListenerException e)
        {
            throw new Failure(
                ExitCode.Usage,
                $"it cannot listen at {address}: {e.Message}",
                "usage",
                "see --listen",
                e
            );
        }

        tell($"Listening at http://{address}/add-checkpoint");
        using var slots = new SemaphoreSlim(AtOnce);
        await using var stop = cancel.Register(listener.Abort);
        while (true)
        {
            await slots.WaitAsync(cancel);
            HttpListenerContext call;
            try
            {
                call = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                cancel.ThrowIfCancellationRequested();
                throw;
            }

            _ = AnswerAsync(call, slots);
        }
    }

    private async Task AnswerAsync(HttpListenerContext call, SemaphoreSlim slots)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            await AnswerAsync(call, patience.Token);
        }
        catch (Exception e)
        {
            // The log asks again; a witness that cannot store signs nothing.
            tell($"failed: {e.Message}");
            Try(() => call.Response.StatusCode = (int)HttpStatusCode.InternalServerError);
            Try(() => call.Response.Close());
        }
        finally
        {
            Try(() => slots.Release());
        }
    }

    private async Task AnswerAsync(HttpListenerContext call, CancellationToken cancel)
    {
        var path = call.Request.Url?.AbsolutePath.Trim('/').Split('/') ?? [];
        switch (call.Request.HttpMethod, path)
        {
            case ("POST", [.., "add-checkpoint"]):
                var body = await BodyAsync(call.Request, cancel);
                if (body is null)
                    await WriteAsync(call.Response, HttpStatusCode.RequestEntityTooLarge, "too long\n", cancel);
                else
                    await AddCheckpointAsync(call.Response, body, cancel);
                break;
            case ("GET", [.., var name, "checkpoint"]) when witness.Latest(name) is { } latest:
                await WriteAsync(call.Response, HttpStatusCode.OK, latest.ToString(), cancel);
                break;
            default:
                await WriteAsync(call.Response, HttpStatusCode.NotFound, "not found\n", cancel);
                break;
        }
    }

    private async Task AddCheckpointAsync(HttpListenerResponse response, byte[] body, CancellationToken cancel)
    {
        var (decision, cosignature) = witness.AddCheckpoint(body);
        var size = decision.Accepted?.Checkpoint.Size.ToString(CultureInfo.InvariantCulture);
        tell($"{decision.Status}{(size is null ? "" : $" size {size}")}: {decision.Reason}");
        var known = decision.KnownSize?.ToString(CultureInfo.InvariantCulture);
        if (known is not null)
            response.ContentType = "text/x.tlog.size";
        await WriteAsync(
            response,
            (HttpStatusCode)decision.Status,
            $"{cosignature?.ToString() ?? known ?? decision.Reason}\n",
            cancel
        );
    }

    /// <summary>Null if it is too long.</summary>
    private static async Task<byte[]?> BodyAsync(HttpListenerRequest request, CancellationToken cancel)
    {
        var body = new byte[MostBytes + 1];
        var length = await request
            .InputStream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancel)
            .AsTask()
            .WaitAsync(cancel);
        return length > MostBytes ? null : body[..length];
    }

    private static async Task WriteAsync(
        HttpListenerResponse response,
        HttpStatusCode status,
        string text,
        CancellationToken cancel
    )
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        response.StatusCode = (int)status;
        response.ContentType ??= "text/plain; charset=utf-8";
        response.ContentLength64 = bytes.Length;
        await response.OutputStream.WriteAsync(bytes, cancel);
        response.Close();
    }

    // Whoever asked may have gone, and the listener too.
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is InvalidOperationException or HttpListenerException or IOException) { }
    }
}
