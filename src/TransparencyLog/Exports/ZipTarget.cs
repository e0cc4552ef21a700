using System.IO.Compression;

namespace JitFunctions.TransparencyLog.Exports;

/// <summary>Writes an export as a zip archive into a stream that need not seek, such as an HTTP answer.</summary>
public sealed class ZipTarget : IExportTarget, IAsyncDisposable
{
    private readonly ZipArchive _archive;

    private ZipTarget(ZipArchive archive) => _archive = archive;

    /// <param name="output">Stays open. The archive is complete once the target is disposed of.</param>
    public static async Task<ZipTarget> CreateAsync(Stream output, CancellationToken cancellation = default) =>
        new(
            await ZipArchive.CreateAsync(
                output,
                ZipArchiveMode.Create,
                leaveOpen: true,
                entryNameEncoding: null,
                cancellation
            )
        );

    public Task<Stream> CreateAsync(string name, CancellationToken cancellation)
    {
        var entry = _archive.CreateEntry(name, CompressionLevel.Fastest);
        // Only the record has times: the same leaves give the same archive.
        entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return entry.OpenAsync(cancellation);
    }

    public ValueTask DisposeAsync() => _archive.DisposeAsync();
}
