namespace JitFunctions.LocalStack;

/// <summary>
/// The function app in a separate process: a node. Tests can stop, kill, pause and restart it at the same address.
/// </summary>
public sealed class FunctionHost : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly HostCommand _command;
    private readonly ProcessPlan _plan;
    private SupervisedProcess? _process;

    private FunctionHost(IReadOnlyDictionary<string, string?> environment, HostCommand command)
    {
        Address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        _command = command;
        _plan = command.Plan(Address, environment, _folder.Path, _folder.Combine("functions.log"));
    }

    /// <summary>The base address without a path. Routes begin with <c>/api</c>.</summary>
    public Uri Address { get; }

    /// <summary>The output of the process, including that of earlier starts.</summary>
    public string Log => _plan.Log;

    /// <summary>Starts the app on the embedded host.</summary>
    public static Task<FunctionHost> StartAsync(
        IReadOnlyDictionary<string, string?> environment,
        CancellationToken cancellation = default
    ) => StartAsync(environment, HostCommand.Embedded, cancellation);

    /// <summary>The id of the current process.</summary>
    public int ProcessId => _process?.ChildId ?? throw new InvalidOperationException("The host is not running.");

    public static async Task<FunctionHost> StartAsync(
        IReadOnlyDictionary<string, string?> environment,
        HostCommand command,
        CancellationToken cancellation = default
    )
    {
        if (!Directory.Exists(command.AppFolder))
            throw new InvalidOperationException(
                $"{command.AppFolder} does not exist: build the solution first (./dev build)."
            );
        var host = new FunctionHost(environment, command);
        try
        {
            await host.StartAgainAsync(cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Starts it again after <see cref="StopAsync"/> or <see cref="KillAsync"/> and returns when it is healthy.
    /// </summary>
    public async Task StartAgainAsync(CancellationToken cancellation = default)
    {
        if (_process is { HasExited: false })
            return;
        if (_process is not null)
            await _process.DisposeAsync();
        _process = SupervisedProcess.Start(_plan);
        await _process.WaitUntilAsync(IsHealthyAsync, _command.Deadline, cancellation);
    }

    public Task StopAsync() => _process?.StopAsync() ?? Task.CompletedTask;

    /// <summary>Sends SIGKILL to the host and the processes that it started, as if the machine failed.</summary>
    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>Sends SIGSTOP: the process stays alive with open connections, but does nothing.</summary>
    public Task PauseAsync() => _process?.SignalAsync("STOP") ?? Task.CompletedTask;

    public Task ResumeAsync() => _process?.SignalAsync("CONT") ?? Task.CompletedTask;

    public async Task<bool> IsHealthyAsync(CancellationToken cancellation = default)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri(Address, "api/health"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure)
            when (failure is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested
            )
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = null;
        _client.Dispose();
        _folder.Dispose();
    }
}
