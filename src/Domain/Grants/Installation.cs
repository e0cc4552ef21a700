namespace JitFunctions.Domain.Grants;

/// <summary>Whose objects in a cluster these are: several installations may work on one cluster.</summary>
/// <param name="Id">The value of the label that its objects carry.</param>
/// <param name="Since">When its event store first held anything: no object that is older was made by it.</param>
public sealed record Installation(string Id, DateTimeOffset Since);

/// <summary>What the event store knows of the installation that it belongs to, in a stream of its own.</summary>
public abstract record InstallationEvent
{
    public const string Stream = "installation";

    private InstallationEvent() { }

    /// <summary>The first start with this event store.</summary>
    public sealed record Created(string Id, DateTimeOffset At) : InstallationEvent;
}
