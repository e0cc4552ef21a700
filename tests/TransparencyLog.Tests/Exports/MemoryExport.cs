using JitFunctions.TransparencyLog.Exports;

namespace JitFunctions.TransparencyLog.Tests.Exports;

/// <summary>An export in memory, that a test can change.</summary>
internal sealed class MemoryExport : ExportSource, IExportTarget
{
    public Dictionary<string, byte[]> Files { get; init; } = [];

    public override IEnumerable<string> Names => Files.Keys;

    public MemoryExport Copy() => new() { Files = new(Files) };

    public override Stream? TryOpen(string name) =>
        Files.TryGetValue(name, out var file) ? new MemoryStream(file, writable: false) : null;

    public Task<Stream> CreateAsync(string name, CancellationToken cancellation) =>
        Task.FromResult<Stream>(new NewFile(this, name));

    protected override void Dispose(bool isDisposing) { }

    private sealed class NewFile(MemoryExport export, string name) : MemoryStream
    {
        protected override void Dispose(bool disposing)
        {
            export.Files[name] = ToArray();
            base.Dispose(disposing);
        }
    }
}
