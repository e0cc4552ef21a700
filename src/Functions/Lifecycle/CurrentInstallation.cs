using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;
using Marten;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>Determines the id of this installation.</summary>
public sealed class InstallationOptions
{
    public const string Section = "Installation";

    /// <summary>The installation's id; when absent, the id in the event store.</summary>
    public string? Id { get; init; }

    public IEnumerable<string> Errors() =>
        Id is not null && !RequestForm.IsDnsLabel(Id)
            ? ["Installation:Id must have at most 63 lower-case letters, digits and hyphens."]
            : [];
}

/// <summary>
/// The id of this installation: from the setting, or else from the event store, which generates an id at the first
/// start. All nodes that use one event store have the same id.
/// </summary>
public sealed class CurrentInstallation(IDocumentStore store, InstallationOptions options, TimeProvider clock)
{
    private volatile Installation? _cached;

    public async ValueTask<Installation> GetAsync(CancellationToken cancellation)
    {
        if (_cached is { } cached)
            return cached;
        var id = options.Id ?? RequestId.FromBytes(System.Security.Cryptography.RandomNumberGenerator.GetBytes(12));
        var stored = await store.EnsureInstallationAsync(id, clock.GetUtcNow(), Channel.Reconciler, cancellation);
        return _cached = options.Id is { } configured ? stored with { Id = configured } : stored;
    }
}
