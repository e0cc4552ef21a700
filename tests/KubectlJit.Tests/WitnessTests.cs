using System.Net;
using System.Net.Sockets;
using System.Text;
using JitFunctions.KubectlJit.Terminal;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;
using JitFunctions.TransparencyLog.Witnessing;

namespace JitFunctions.KubectlJit.Tests;

/// <summary><c>witness</c>, over HTTP as a log calls it.</summary>
public sealed class WitnessTests : IDisposable
{
    private readonly Plugin _plugin = new() { Clock = TimeProvider.System };
    private readonly SampleRecord _record = new(20);
    private readonly Ed25519Key _key = Ed25519Key.Generate();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly int _port = FreePort();

    private string Address => $"http://127.0.0.1:{_port}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _plugin.Dispose();
    }

    [Fact]
    public async Task A_log_gets_cosignatures_for_what_continues_and_for_nothing_else()
    {
        var run = await WhileItRunsAsync(async () =>
        {
            var (status, line, _) = await PostAsync(await _record.RequestAsync(0, 7));
            Assert.Equal(HttpStatusCode.OK, status);
            var cosigned = (await _record.CheckpointAsync(7)).With(NoteSignature.Parse(line.TrimEnd('\n')));
            var witness = new Cosigner("auditor.example.com", _key).Key;
            var policy = TlogPolicy.Parse(
                _record.Policy.Replace("quorum none", $"witness a {witness}\nquorum a", StringComparison.Ordinal)
            );
            Assert.True(policy.Verify(cosigned).IsTrusted);

            Assert.Equal(
                (HttpStatusCode.Conflict, "7\n", "text/x.tlog.size"),
                await PostAsync(await _record.RequestAsync(0, 20))
            );
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(await _record.RequestAsync(7, 20))).Status);
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("old 0\n")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(await _record.RequestAsync(0, 7), "/other")).Status);
            var stranger = await new SampleRecord(3).RequestAsync(0, 3);
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(stranger)).Status);
            Assert.Equal(
                HttpStatusCode.RequestEntityTooLarge,
                (await PostAsync(new string('x', (1024 * 1024) + 1))).Status
            );

            var latest = await _http.GetStringAsync(
                $"{Address}/{WitnessFolder.NameOf(SampleRecord.Origin)}/checkpoint",
                Cancel
            );
            Assert.Equal(20, SignedCheckpoint.Parse(latest).Checkpoint.Size);
        });

        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Contains($"The key of this witness is {new Cosigner("auditor.example.com", _key).Key}", run.ErrorLines);
        Assert.Contains("200 size 20: the checkpoint continues the latest one", run.ErrorLines);

        // It remembers.
        await WhileItRunsAsync(async () =>
            Assert.Equal("20\n", (await PostAsync(await _record.RequestAsync(0, 7))).Text)
        );
    }

    [Fact]
    public async Task What_it_needs_is_checked_before_it_listens()
    {
        var wrongKey = await _plugin.RunAsync(Arguments("--key", _plugin.Write("wrong.pem", "no key")));
        var wrongName = await _plugin.RunAsync(Arguments("--name", "a b"));
        var noLog = await _plugin.RunAsync(Arguments("--policy", _plugin.Write("none", "quorum none\n")));
        var noPort = await _plugin.RunAsync(Arguments("--listen", "127.0.0.1"));

        Assert.Each([wrongKey, wrongName, noLog, noPort], run => Assert.Equal(ExitCode.Usage, run.Code));
        Assert.Contains("(invalid-key)", wrongKey.Error, StringComparison.Ordinal);
    }

    private string[] Arguments(string? option = null, string? value = null)
    {
        var options = new Dictionary<string, string>
        {
            ["--state"] = Path.Combine(_plugin.Home, "state"),
            ["--policy"] = _plugin.Write("policy", _record.Policy),
            ["--key"] = _plugin.Write("key.pem", _key.ToPem()),
            ["--name"] = "auditor.example.com",
            ["--listen"] = $"127.0.0.1:{_port}",
        };
        if (option is not null)
            options[option] = value!;
        return ["witness", .. options.SelectMany(one => new[] { one.Key, one.Value })];
    }

    private async Task<Run> WhileItRunsAsync(Func<Task> check)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var run = _plugin.RunUntilAsync(stop.Token, Arguments());
        try
        {
            await JitServer.WaitUntilAsync(() => run.IsCompleted || IsListening());
            await check();
        }
        finally
        {
            await stop.CancelAsync();
        }

        return await run;
    }

    private bool IsListening()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<(HttpStatusCode Status, string Text, string? Type)> PostAsync(
        string body,
        string path = "/add-checkpoint"
    )
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var answer = await _http.PostAsync(new Uri($"{Address}{path}"), content, Cancel);
        return (
            answer.StatusCode,
            await answer.Content.ReadAsStringAsync(Cancel),
            answer.Content.Headers.ContentType?.MediaType
        );
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
