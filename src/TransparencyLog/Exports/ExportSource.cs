using System.IO.Compression;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Exports;

/// <summary>An export to read: a folder or a zip archive.</summary>
public abstract class ExportSource : IDisposable
{
    // No checkpoint or proof is longer: 64 signatures and 63 hashes.
    private const int MostBytes = 1024 * 1024;

    /// <summary>The names of all files, with slashes.</summary>
    public abstract IEnumerable<string> Names { get; }

    /// <exception cref="IOException">There is neither a folder nor a file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    /// <exception cref="FormatException">The file is not a zip archive, or has two files of one name.</exception>
    public static ExportSource Open(string path) =>
        Directory.Exists(path) ? new FolderSource(path) : new ZipSource(path);

    /// <summary>Null if there is no such file.</summary>
    public abstract Stream? TryOpen(string name);

    /// <summary>As <see cref="TryOpen"/>, for a file that is read while another thread reads another one.</summary>
    public virtual Stream? TryOpenBeside(string name) => TryOpen(name);

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The text of a small file. Null if there is no such file.</summary>
    /// <exception cref="FormatException">It is not UTF-8, or too long.</exception>
    internal async Task<string?> TryReadTextAsync(string name, CancellationToken cancellation)
    {
        await using var stream = TryOpen(name);
        if (stream is null)
            return null;
        var bytes = new byte[MostBytes + 1];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return length <= MostBytes
            ? StrictUtf8.GetString(bytes.AsSpan(0, length))
            : throw new FormatException($"The file '{name}' has more than {MostBytes} bytes.");
    }

    protected abstract void Dispose(bool isDisposing);

    private sealed class FolderSource(string path) : ExportSource
    {
        public override IEnumerable<string> Names =>
            Directory
                .EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(path, file).Replace('\\', '/'));

        public override Stream? TryOpen(string name)
        {
            var file = Path.Combine(path, name);
            return File.Exists(file)
                ? new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: false)
                : null;
        }

        protected override void Dispose(bool isDisposing) { }
    }

    private sealed class ZipSource : ExportSource
    {
        private readonly string _path;
        private readonly ZipArchive _archive;
        private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
        private ZipArchive? _beside;

        public ZipSource(string path)
        {
            (_path, _archive) = (path, Open(path));
            // Programs differ in which of two files of one name they show.
            foreach (var entry in _archive.Entries)
            {
                if (_entries.TryAdd(entry.FullName, entry))
                    continue;
                _archive.Dispose();
                throw new FormatException($"The archive has two files '{entry.FullName}'.");
            }
        }

        public override IEnumerable<string> Names => _entries.Keys;

        public override Stream? TryOpen(string name) => _entries.GetValueOrDefault(name)?.Open();

        // The entries of one archive share the position in its file.
        public override Stream? TryOpenBeside(string name) =>
            _entries.ContainsKey(name) ? (_beside ??= Open(_path)).GetEntry(name)?.Open() : null;

        protected override void Dispose(bool isDisposing)
        {
            _archive.Dispose();
            _beside?.Dispose();
        }

        private static new ZipArchive Open(string path)
        {
            var file = File.OpenRead(path);
            try
            {
                return new ZipArchive(file, ZipArchiveMode.Read);
            }
            catch (InvalidDataException e)
            {
                file.Dispose();
                throw new FormatException("The file is not a zip archive.", e);
            }
        }
    }
}
