namespace JitFunctions.TransparencyLog.Verification;

/// <summary>
/// Finds the digests of disclosures in canonical JSON without parsing it: within its strings, a quote has a backslash
/// before it.
/// </summary>
internal static class DigestScan
{
    private const int DigestLength = 43;

    /// <returns>False if a member <c>_sd</c> is not a list of digests.</returns>
    public static bool TryFind(ReadOnlyMemory<byte> json, List<ReadOnlyMemory<byte>> digests)
    {
        var member = "\"_sd\":"u8;
        for (var from = 0; json.Span[from..].IndexOf(member) is >= 0 and var found; )
        {
            var start = from + found;
            from = start + member.Length;
            if (start == 0 || json.Span[start - 1] is not ((byte)'{' or (byte)','))
                continue;
            if (!TryReadList(json, ref from, digests))
                return false;
        }

        return true;
    }

    private static bool TryReadList(ReadOnlyMemory<byte> json, ref int at, List<ReadOnlyMemory<byte>> digests)
    {
        var before = (byte)'[';
        while (json.Span[at..] is [var separator, (byte)'"', ..] && separator == before)
        {
            if (json.Length < at + 3 + DigestLength || json.Span[at + 2 + DigestLength] is not (byte)'"')
                return false;
            digests.Add(json.Slice(at + 2, DigestLength));
            at += 3 + DigestLength;
            before = (byte)',';
        }

        return before is (byte)',' && json.Span[at..] is [(byte)']', ..];
    }
}
