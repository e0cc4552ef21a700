using System.Net.Http.Json;
using JitFunctions.LocalStack;

namespace JitFunctions.Benchmarks;

/// <summary>The app in HostApp/ as a process, on the host of one tree, with a database of its own.</summary>
internal sealed class HostAppNode(Tree tree, string assembly, string database) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("jit-bench-").FullName;
    private readonly HttpClient _client = new()
    {
        BaseAddress = MinimalHost.FreeAddress(),
        Timeout = TimeSpan.FromMinutes(1),
    };
    private SupervisedProcess? _process;

    public Tree Tree => tree;

    public TimeSpan Processor => ProcessUse.Processor(_process!.ChildId);

    public double ResidentMebibytes => ProcessUse.ResidentMebibytes(_process!.ChildId);

    /// <returns>How long it took until the first answer.</returns>
    public async Task<TimeSpan> StartAsync(CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        _process = SupervisedProcess.Start(
            new ProcessPlan("dotnet", [assembly], _folder, Path.Combine(_folder, "host-app.log"))
            {
                Environment = new Dictionary<string, string?>
                {
                    ["ASPNETCORE_URLS"] = _client.BaseAddress!.OriginalString,
                    ["ConnectionStrings__Postgres"] = database,
                },
            }
        );
        await _process.WaitUntilAsync(IsReadyAsync, Deadline, TimeSpan.FromMilliseconds(5), cancellation);
        return TimeProvider.System.GetElapsedTime(start);
    }

    public async Task StopAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Starts an orchestration and returns when its last activity has run.</summary>
    public async Task WalkAsync(CancellationToken cancellation)
    {
        using var answer = await PostAsync("api/walks", cancellation);
    }

    /// <returns>How late each timer was, in milliseconds.</returns>
    public async Task<double[]> NapAsync(int count, TimeSpan spacing, TimeSpan lead, CancellationToken cancellation)
    {
        using var answer = await PostAsync(
            $"api/naps?count={count}&spacing={spacing.TotalMilliseconds:0}&lead={lead.TotalMilliseconds:0}",
            cancellation
        );
        return (await answer.Content.ReadFromJsonAsync<double[]>(cancellation))!;
    }

    /// <summary>Returns when no orchestration is left that has not ended.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        while (await CountAsync("status=Pending&status=Running", cancellation) > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellation);
    }

    /// <returns>How many orchestrations failed since the database was made.</returns>
    public Task<int> FailedAsync(CancellationToken cancellation) => CountAsync("status=Failed", cancellation);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return (await _client.PostAsync(path, null, cancellation)).EnsureSuccessStatusCode();
        }
        catch (OperationCanceledException timeout) when (!cancellation.IsCancellationRequested)
        {
            var log = string.Join('\n', File.ReadLines(Path.Combine(_folder, "host-app.log")).TakeLast(30));
            throw new TimeoutException($"{tree.Name} did not answer {path}. The end of its log:\n{log}", timeout);
        }
    }

    private Task<int> CountAsync(string query, CancellationToken cancellation) =>
        _client.GetFromJsonAsync<int>($"api/instances?{query}", cancellation);

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await _client.GetAsync("api/ready", cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
