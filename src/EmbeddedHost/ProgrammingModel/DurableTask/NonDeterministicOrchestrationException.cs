namespace DurableTask.Core.Exceptions;

/// <summary>An orchestrator's replay differs from its history. The message says at which step, what was expected and what came.</summary>
public class NonDeterministicOrchestrationException : Exception
{
    internal NonDeterministicOrchestrationException(string message)
        : base(message)
    {
    }
}
