using System.Collections.Immutable;

namespace Microsoft.DurableTask;

public record TaskOptions
{
    public TaskOptions(TaskRetryOptions? retry)
        : this(retry, null)
    {
    }

    public TaskOptions(TaskRetryOptions? retry = null, IDictionary<string, string>? tags = null)
    {
        Retry = retry;
        Tags = tags;
    }

    public TaskRetryOptions? Retry { get; init; }

    /// <summary>Without effect on the embedded host.</summary>
    public IDictionary<string, string>? Tags { get; init; }

    public static TaskOptions FromRetryPolicy(RetryPolicy policy) => new(policy);

    public static TaskOptions FromRetryHandler(AsyncRetryHandler handler) => new(handler);

    public static TaskOptions FromRetryHandler(RetryHandler handler) => new(handler);
}

/// <summary>How to start an orchestration. Without an instance id the host makes one.</summary>
public record StartOrchestrationOptions
{
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    public string? InstanceId { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Without effect on the embedded host.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary.Create<string, string>();

    /// <summary>By default <c>extensions.durableTask.defaultVersion</c> of host.json.</summary>
    public TaskVersion? Version { get; init; }

    /// <summary>
    /// Statuses in which an existing instance of the same id makes the start fail. Null, as with Azure Storage, stands for the
    /// live ones, so that a finished instance is replaced. On the embedded host a live instance is never replaced.
    /// </summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}
