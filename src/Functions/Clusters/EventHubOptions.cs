using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;

namespace JitFunctions.Functions.Clusters;

/// <summary>From which event hub the audit log of an AKS cluster is read. Several clusters may share one.</summary>
public sealed class EventHubOptions
{
    /// <summary>The host name of the namespace, such as <c>audit.servicebus.windows.net</c>.</summary>
    public string? Namespace { get; init; }

    /// <summary>The name of the event hub.</summary>
    public string? Hub { get; init; }

    public string ConsumerGroup { get; init; } = EventHubConsumerClient.DefaultConsumerGroupName;

    /// <summary>The resource id of the cluster in Azure, by which its records are known.</summary>
    public string? ResourceId { get; init; }

    /// <summary>
    /// Instead of <see cref="Namespace"/> and the app's identity, as for the emulator. It is a secret.
    /// </summary>
    public string? ConnectionString { get; init; }

    /// <summary>Client id of the identity that reads; the app's own when absent.</summary>
    public string? ManagedIdentityClientId { get; init; }

    /// <summary>The host name of the namespace, whichever setting names it; null if they are wrong.</summary>
    internal string? Host => ConnectionString is { } text ? Parse(text)?.FullyQualifiedNamespace : Namespace;

    /// <summary>Never has the connection string.</summary>
    internal string? Error()
    {
        if (string.IsNullOrWhiteSpace(Hub) || string.IsNullOrWhiteSpace(ConsumerGroup))
        {
            return "EventHub:Hub must be the name of an event hub, and EventHub:ConsumerGroup that of a consumer "
                + "group.";
        }

        if (ResourceId?.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase) != true)
            return "EventHub:ResourceId must be the resource id of the cluster, /subscriptions/….";
        if ((ConnectionString is null) == (Namespace is null))
            return "EventHub needs either Namespace or ConnectionString.";
        if (
            Namespace is not null
            && (!Namespace.Contains('.') || Uri.CheckHostName(Namespace) is not UriHostNameType.Dns)
        )
            return "EventHub:Namespace must be a host name, such as audit.servicebus.windows.net.";
        return Host is null ? "EventHub:ConnectionString is not the connection string of a namespace." : null;
    }

    private static EventHubsConnectionStringProperties? Parse(string text)
    {
        try
        {
            return EventHubsConnectionStringProperties.Parse(text) is { Endpoint: not null } parsed ? parsed : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
