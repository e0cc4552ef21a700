using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;

namespace JitFunctions.TransparencyLog.Verification;

/// <summary>
/// Compares the leaves of an export with its file of leaf hashes. If these have the root of the checkpoint, they are
/// the true ones, and the first leaf that has another hash is wrong.
/// </summary>
/// <param name="file">Null if the export has none.</param>
internal sealed class LeafHashes(Stream? file)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _at;
    private int _length;

    // From the first difference on, the tree that the file describes.
    private CompactRange? _other;
    private bool _isTooShort;

    /// <summary>The first leaf whose hash is not the one of the file.</summary>
    public long? FirstUnlike { get; private set; }

    /// <param name="before">The tree of the leaves before this one.</param>
    public void Compare(CompactRange before, Sha256Hash leafHash)
    {
        if (file is null || _isTooShort)
            return;
        if (!TryRead(out var hash))
        {
            _isTooShort = true;
            FirstUnlike ??= before.Size;
            return;
        }

        if (FirstUnlike is null && hash != leafHash)
            (FirstUnlike, _other) = (before.Size, new(before.Size, before.Hashes));
        _other?.Append(hash);
    }

    /// <summary>Whether the file has the hashes of exactly these leaves.</summary>
    public bool AreThoseOf(long size)
    {
        if (file is null)
            return true;
        var isAtEnd = !TryRead(out _) && _length == 0;
        if (!isAtEnd)
            FirstUnlike ??= size;
        return FirstUnlike is null;
    }

    /// <summary>Whether the hashes have this root, so that they are the true ones.</summary>
    public bool Have(Sha256Hash root) => !_isTooShort && _other?.Root() == root;

    private bool TryRead(out Sha256Hash hash)
    {
        if (_at == _length)
            (_at, _length) = (0, file!.ReadAtLeast(_buffer, _buffer.Length, throwOnEndOfStream: false));
        var isWhole = _length - _at >= Sha256Hash.Length;
        hash = isWhole ? new(_buffer.AsSpan(_at, Sha256Hash.Length)) : default;
        if (isWhole)
            _at += Sha256Hash.Length;
        return isWhole;
    }
}
