using System.Diagnostics;
using System.Globalization;

namespace JitFunctions.LocalStack;

/// <summary>
/// A background process that cannot outlive this process. A small shell runs between the two and reads a pipe. Each
/// line names a signal for the child. At the end of the pipe, which the kernel closes however this process ends, the
/// shell stops the child and removes the scratch folder. This includes the child's own processes: KILL, STOP and CONT
/// are sent to its whole process group, and what remains of the group is killed when the child has ended.
/// </summary>
/// <remarks>
/// PR_SET_PDEATHSIG cannot be used here: it fires when the <em>thread</em> that started the child ends, and pool
/// threads end at any time. The shell has its own session, so that Ctrl-C reaches only this process and the parts stop
/// in order.
/// </remarks>
public sealed class SupervisedProcess : IAsyncDisposable
{
    private const string Supervisor = """
        farewell=$1 scratch=$2 log=$3; shift 3
        exec 3<&0 </dev/null
        setsid "$@" 3<&- >>"$log" 2>&1 &
        child=$!
        echo $child
        tell() {
            case $1 in
                KILL | STOP | CONT) kill -s $1 -- -$child || kill -s $1 $child ;; # it may not have its group yet
                *) kill -s $1 $child ;;
            esac
        }
        (
            while read -r signal <&3; do tell "$signal"; done
            trap '' TERM
            tell CONT; tell "$farewell"
            for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 $child || break; sleep 0.5; done
            tell KILL
            rm -rf "$scratch"
        ) >/dev/null 2>&1 &
        watcher=$!
        wait $child; code=$?
        kill -s KILL -- -$child 2>/dev/null
        kill $watcher; wait $watcher
        exit $code
        """;

    // A host may take half a minute to finish its work, and the machine may be busy.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly Process _supervisor;
    private readonly ProcessPlan _plan;

    private SupervisedProcess(ProcessPlan plan, Process supervisor) => (_plan, _supervisor) = (plan, supervisor);

    public bool HasExited => _supervisor.HasExited;

    /// <summary>The process itself, not the shell.</summary>
    public int ChildId { get; private init; }

    public static SupervisedProcess Start(ProcessPlan plan)
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "sh",
            "-c",
            Supervisor,
            "supervisor",
            plan.Farewell,
            plan.Scratch,
            plan.Log,
            plan.FileName,
            .. plan.Arguments,
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in plan.Environment)
            start.Environment[name] = value;
        var supervisor = Process.Start(start)!;
        return new SupervisedProcess(plan, supervisor)
        {
            ChildId = int.Parse(supervisor.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Sends a signal. Its name is without the prefix SIG: "TERM", "KILL", "STOP", "CONT".</summary>
    public async Task SignalAsync(string name)
    {
        if (_supervisor.HasExited)
            return;
        try
        {
            await _supervisor.StandardInput.WriteLineAsync(name);
            await _supervisor.StandardInput.FlushAsync();
        }
        catch (IOException) when (_supervisor.WaitForExit(Patience))
        {
            // The process has already ended, so no signal is needed.
        }
    }

    /// <summary>
    /// Sends the plan's farewell signal, sends KILL after a minute, and returns when the process has ended.
    /// </summary>
    public async Task StopAsync()
    {
        await SignalAsync(_plan.Farewell);
        await SignalAsync("CONT");
        try
        {
            await _supervisor.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    /// <summary>Kills the process without any cleanup, as if the machine failed.</summary>
    public async Task KillAsync()
    {
        await SignalAsync("KILL");
        await _supervisor.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>
    /// Polls until <paramref name="isReady"/> holds; if the process exits early or the time is up, throws with the end
    /// of the log.
    /// </summary>
    public Task WaitUntilAsync(
        Func<CancellationToken, Task<bool>> isReady,
        TimeSpan deadline,
        CancellationToken cancellation
    ) => WaitUntilAsync(isReady, deadline, Pause, cancellation);

    /// <inheritdoc cref="WaitUntilAsync(Func{CancellationToken, Task{bool}}, TimeSpan, CancellationToken)"/>
    /// <param name="pause">The pause after each check.</param>
    public async Task WaitUntilAsync(
        Func<CancellationToken, Task<bool>> isReady,
        TimeSpan deadline,
        TimeSpan pause,
        CancellationToken cancellation
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(deadline);
        try
        {
            while (!await isReady(limit.Token))
            {
                if (HasExited)
                    throw _plan.Failure($"ended with code {_supervisor.ExitCode}");
                await Task.Delay(pause, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw _plan.Failure($"was not ready after {deadline.TotalSeconds:0} s");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_supervisor.HasExited)
            await StopAsync();
        _supervisor.Dispose();
    }
}
