namespace JitFunctions.Domain.Rights;

/// <summary>
/// How far a danger goes. Kubernetes' own namespaces count as the cluster: their service accounts hold it.
/// </summary>
public enum DangerReach
{
    Namespace,
    Cluster,
}

/// <summary>A right that gives more than it says.</summary>
/// <param name="Kind">A stable code out of <see cref="DangerousRights.Kinds"/>.</param>
/// <param name="BlastRadius">A sentence fragment for an approver: <c>can read secrets in payments: it may get secrets
/// (only "db")</c>.</param>
public sealed record DangerousRight(string Kind, DangerReach Reach, string BlastRadius);
