namespace JitFunctions.Domain.Grants;

/// <summary>Identifies the owner of grant objects, because several installations may use the same cluster.</summary>
/// <param name="Id">The value of the label on its objects.</param>
/// <param name="Since">The time of the first event in its event store. Older objects cannot belong to this
/// installation.</param>
public sealed record Installation(string Id, DateTimeOffset Since);

/// <summary>An event of the installation to which the event store belongs, in a stream of its own.</summary>
public abstract record InstallationEvent
{
    public const string Stream = "installation";

    private InstallationEvent() { }

    /// <summary>The app was started with this event store for the first time.</summary>
    public sealed record Created(string Id, DateTimeOffset At) : InstallationEvent;
}
