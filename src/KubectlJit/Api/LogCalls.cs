using System.Globalization;

namespace JitFunctions.KubectlJit.Api;

/// <summary>The API calls of docs/api.md about the transparency log.</summary>
internal static class LogCalls
{
    /// <summary>Downloads the dossier of a request.</summary>
    /// <param name="type">The media type of its form.</param>
    public static Task DossierAsync(
        this JitConnection server,
        string id,
        string type,
        Stream to,
        CancellationToken cancel
    ) => server.DownloadAsync($"requests/{Uri.EscapeDataString(id)}/dossier", to, cancel, type);

    /// <summary>Downloads an export, as it is sent.</summary>
    /// <param name="id">A request; null for the whole log.</param>
    /// <exception cref="Terminal.Failure">The server refuses, or the answer ends too early.</exception>
    public static Task ExportAsync(this JitConnection server, string? id, Stream file, CancellationToken cancel) =>
        server.DownloadAsync(id is null ? "log/export" : $"requests/{Uri.EscapeDataString(id)}/proof", file, cancel);

    /// <summary>Downloads the evidence of a period, as it is sent.</summary>
    /// <exception cref="Terminal.Failure">The server refuses, or the answer ends too early.</exception>
    public static Task EvidenceAsync(
        this JitConnection server,
        DateTimeOffset from,
        DateTimeOffset to,
        Stream file,
        CancellationToken cancel
    ) =>
        server.DownloadAsync(
            $"audit/evidence?from={Uri.EscapeDataString(Exact(from))}&to={Uri.EscapeDataString(Exact(to))}",
            file,
            cancel
        );

    private static string Exact(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
