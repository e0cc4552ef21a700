using System.Globalization;
using JitFunctions.Domain.Grants;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>Writes, selects and reads the labels and the annotation of grant objects.</summary>
internal static class GrantMetadata
{
    public const string FieldManager = "jit-access";
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";
    public const string RequestLabel = "jit-access/request";
    public const string InstallationLabel = "jit-access/installation";
    public const string ExpiresAnnotation = "jit-access/expires-at";

    public static readonly IReadOnlyList<string> OwnLabels = [ManagedByLabel, RequestLabel, InstallationLabel];

    /// <summary>Selects the objects of all installations.</summary>
    public const string Selector = $"{ManagedByLabel}={GrantLabels.ManagedByThis}";

    /// <summary>Selects the objects of one installation.</summary>
    public static string SelectorOf(Installation installation) => $"{Selector},{InstallationLabel}={installation.Id}";

    /// <summary>Selects the objects of all other installations, and those without this label.</summary>
    public static string SelectorOfOthers(Installation installation) =>
        $"{Selector},{InstallationLabel}!={installation.Id}";

    /// <param name="uid">If given, only the object with this uid is changed.</param>
    public static V1ObjectMeta Write(Grant grant, GrantObjectRef one, string? uid) =>
        new()
        {
            Name = one.Name,
            NamespaceProperty = one.Namespace,
            Uid = uid,
            Labels = grant.Installation is { } installation
                ? new Dictionary<string, string>
                {
                    [ManagedByLabel] = GrantLabels.ManagedByThis,
                    [RequestLabel] = grant.RequestId,
                    [InstallationLabel] = installation,
                }
                : new Dictionary<string, string>
                {
                    [ManagedByLabel] = GrantLabels.ManagedByThis,
                    [RequestLabel] = grant.RequestId,
                },
            Annotations = new Dictionary<string, string>
            {
                [ExpiresAnnotation] = grant.ExpiresAt.UtcDateTime.ToString(
                    "yyyy-MM-ddTHH:mm:ssZ",
                    CultureInfo.InvariantCulture
                ),
            },
        };

    public static GrantLabels Labels(V1ObjectMeta metadata) =>
        new(
            Find(metadata.Labels, ManagedByLabel),
            Find(metadata.Labels, RequestLabel),
            Find(metadata.Labels, InstallationLabel)
        );

    /// <returns>Null when the annotation is absent or is not a time.</returns>
    public static DateTimeOffset? ExpiresAt(V1ObjectMeta metadata) =>
        DateTimeOffset.TryParse(
            Find(metadata.Annotations, ExpiresAnnotation),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : null;

    private static string? Find(IDictionary<string, string>? pairs, string key) =>
        pairs is not null && pairs.TryGetValue(key, out var value) ? value : null;
}
