using JitFunctions.Domain.Grants;
using Marten;
using Marten.Exceptions;

namespace JitFunctions.Projections;

/// <summary>Reads the installation to which the event store belongs. At the first start, records it.</summary>
public static class InstallationLog
{
    private const string NoCluster = "";

    /// <param name="id">The id to record if the event store does not contain one yet.</param>
    public static async Task<Installation> EnsureInstallationAsync(
        this IDocumentStore store,
        string id,
        DateTimeOffset now,
        Provenance provenance,
        CancellationToken cancellation
    )
    {
        if (await ReadAsync(store, cancellation) is { } known)
            return known;
        try
        {
            await using var session = store.LightweightSession();
            provenance.StampOn(session, NoCluster);
            session.Events.StartStream(InstallationEvent.Stream, new InstallationEvent.Created(id, now));
            await session.SaveChangesAsync(cancellation);
        }
        catch (ExistingStreamIdCollisionException)
        {
            // Another node was first; its id is used.
        }

        return await ReadAsync(store, cancellation)
            ?? throw new InvalidOperationException(
                $"The stream '{InstallationEvent.Stream}' does not say which installation this is."
            );
    }

    private static async Task<Installation?> ReadAsync(IDocumentStore store, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var events = await session.Events.FetchStreamAsync(InstallationEvent.Stream, token: cancellation);
        return events.Select(e => e.Data).OfType<InstallationEvent.Created>().FirstOrDefault() is { } created
            ? new(created.Id, created.At)
            : null;
    }
}
