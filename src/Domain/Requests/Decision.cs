using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Requests;

/// <summary>The result of a command: events to append (none if the command changes nothing), or a rejection.</summary>
public abstract record Decision
{
    private Decision() { }

    public static readonly Decision Nothing = new Accepted([]);

    public static Decision Accept(params AccessRequestEvent[] events) => new Accepted(events);

    public sealed record Accepted(IReadOnlyList<AccessRequestEvent> Events) : Decision;

    public sealed record Rejected(Rejection Why) : Decision;

    public static implicit operator Decision(AccessRequestEvent @event) => new Accepted([@event]);

    public static implicit operator Decision(Rejection why) => new Rejected(why);
}
