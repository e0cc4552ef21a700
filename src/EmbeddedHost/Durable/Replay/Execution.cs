using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Durable.Replay;

/// <summary>One run of the orchestrator's code, from its first line to where it now waits.</summary>
internal sealed class Execution
{
    private readonly TurnPump _pump = new();
    private readonly StepLog _steps;
    private readonly ReplayContext _context;
    private readonly Orchestrator _orchestrator;
    private readonly DataConverter _converter;
    private Task<object?>? _body;

    public Execution(Instance instance, Orchestrator orchestrator, StepLog steps, DataConverter converter, ILoggerFactory loggers)
    {
        _steps = steps;
        _orchestrator = orchestrator;
        _converter = converter;
        _context = new ReplayContext(instance, _pump, steps, converter, loggers);
    }

    public string? CustomStatus => _context.CustomStatus;

    public Outcome Outcome => _body switch
    {
        { IsCompletedSuccessfully: true } when _context.NextExecution is { } next
            => new Outcome.ContinuedAsNew(next.Input, next.KeepEvents ? [.. _context.UnprocessedEvents] : []),
        { IsCompletedSuccessfully: true } => Complete(_body.Result),
        { IsFaulted: true } => Fail(_body.Exception.InnerException ?? _body.Exception),
        { IsCanceled: true } => Fail(new TaskCanceledException(_body)),
        _ when _context.AwaitsSomething => new Outcome.Waiting(),
        _ => Fail(new InvalidOperationException(
            $"Orchestrator '{_context.Name}' waits for something that is not durable. It may await nothing but the tasks of its context, "
            + "and without ConfigureAwait(false).")),
    };

    /// <exception cref="global::DurableTask.Core.Exceptions.NonDeterministicOrchestrationException">The code differs from the history.</exception>
    public void Replay(IReadOnlyList<HistoryEvent> history)
    {
        foreach (var happened in history)
        {
            switch (happened)
            {
                case TurnStarted turn:
                    EndOfTurn();
                    _context.BeginTurn(turn.At);
                    break;
                case Message message:
                    Deliver(message);
                    break;
                case Step step:
                    _steps.Confirm(step);
                    break;
            }
        }

        EndOfTurn();
    }

    public void Continue(IReadOnlyList<Message> messages, DateTime now)
    {
        _context.BeginTurn(now);
        _context.EndReplay();
        foreach (var message in messages)
            Deliver(message);
    }

    private void EndOfTurn()
    {
        _steps.ConfirmNoMore();
        _steps.ConfirmNotEnded(_body is { IsCompleted: true });
    }

    private void Deliver(Message message) => _pump.Run(() =>
    {
        if (message is Started)
            _body ??= RunAsync();
        else
            _context.Deliver(message);
    });

    // Makes a failed task of what the code throws before its first wait, too.
    private async Task<object?> RunAsync() => await _orchestrator(_context);

    private Outcome Complete(object? result)
    {
        try
        {
            return new Outcome.Completed(_converter.Serialize(result));
        }
        catch (Exception unwritable)
        {
            return Fail(unwritable);
        }
    }

    private static Outcome.Failed Fail(Exception exception) => new(TaskFailureDetails.FromException(exception));
}
