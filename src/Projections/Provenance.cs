using JasperFx.Events;
using JitFunctions.Domain.Identity;
using Marten;

namespace JitFunctions.Projections;

/// <summary>Who caused an event, and through which channel. It is stored in the metadata of every event.</summary>
/// <param name="Channel"><c>api</c>, <c>orchestration</c>, <c>reconciler</c>, <c>policies</c> or
/// <c>audit</c>.</param>
/// <param name="CorrelationId">The W3C trace id, to find the logs of the same call.</param>
public sealed record Provenance(Principal Actor, string Channel, string? CorrelationId)
{
    private const string ChannelHeader = "channel";
    private const string ClusterHeader = "cluster";
    private const string SubjectHeader = "actor-subject";

    public void StampOn(IDocumentSession session, string cluster)
    {
        session.LastModifiedBy = Actor.Username;
        session.CorrelationId = CorrelationId;
        session.SetHeader(ChannelHeader, Channel);
        session.SetHeader(SubjectHeader, Actor.Subject);
        session.SetHeader(ClusterHeader, cluster);
    }

    public static string ChannelOf(IEvent e) => e.GetHeader(ChannelHeader)?.ToString() ?? "unknown";

    public static string? ClusterOf(IEvent e) => e.GetHeader(ClusterHeader)?.ToString();

    public static string? SubjectOf(IEvent e) => e.GetHeader(SubjectHeader)?.ToString();
}
