namespace JitFunctions.Domain.Rights;

/// <summary>
/// The reach of a dangerous right. Kubernetes' own namespaces count as the cluster, because their service accounts have
/// cluster-wide rights.
/// </summary>
public enum DangerReach
{
    Namespace,
    Cluster,
}

/// <summary>A right that leads to more rights than it names.</summary>
/// <param name="Kind">A stable code from <see cref="DangerousRights.Kinds"/>.</param>
/// <param name="BlastRadius">A sentence fragment for an approver: <c>can read secrets in payments: it may get secrets
/// (only "db")</c>.</param>
public sealed record DangerousRight(string Kind, DangerReach Reach, string BlastRadius);
