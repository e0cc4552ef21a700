using System.Text;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Hashing;

namespace JitFunctions.TransparencyLog.Witnessing;

/// <summary>
/// The checkpoints of a witness in files: <c>FOLDER/HEX/checkpoint</c>, where HEX is the SHA-256 of the origin. One
/// process at a time may use a folder.
/// </summary>
public sealed class WitnessFolder : IDisposable
{
    private readonly string _path;
    private readonly FileStream _lock;

    /// <exception cref="IOException">Another process uses the folder, or it cannot be created.</exception>
    public WitnessFolder(string path)
    {
        _path = path;
        Directory.CreateDirectory(path);
        _lock = new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>The name of the folder of a log, which is also the last part of its address.</summary>
    public static string NameOf(string origin) => Sha256Hash.Of(Encoding.UTF8.GetBytes(origin)).ToString();

    /// <summary>The checkpoint that was stored last; null if there is none.</summary>
    /// <exception cref="FormatException">
    /// The file is damaged. To begin anew without it would be to forget what the log has shown.
    /// </exception>
    public SignedCheckpoint? TryRead(string origin)
    {
        var file = FileOf(origin);
        if (!File.Exists(file))
            return null;
        var checkpoint = SignedCheckpoint.Parse(File.ReadAllBytes(file));
        return checkpoint.Checkpoint.Origin == origin
            ? checkpoint
            : throw new FormatException($"The file '{file}' has the checkpoint of another log.");
    }

    /// <summary>
    /// Replaces the checkpoint. It is on the disk when this returns; after a crash it is there or the old one.
    /// </summary>
    public void Write(SignedCheckpoint checkpoint)
    {
        var file = FileOf(checkpoint.Checkpoint.Origin);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using (var stream = new FileStream($"{file}.new", FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.UTF8.GetBytes(checkpoint.ToString()));
            stream.Flush(flushToDisk: true);
        }

        File.Move($"{file}.new", file, overwrite: true);
    }

    public void Dispose() => _lock.Dispose();

    private string FileOf(string origin) => Path.Combine(_path, NameOf(origin), "checkpoint");
}
