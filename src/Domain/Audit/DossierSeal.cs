using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace JitFunctions.Domain.Audit;

/// <summary>What the dossier of a request had when it was sealed. Stored for ever, as part of an event.</summary>
/// <param name="Digest">The SHA-256 of the other members, by which later reviews refer to the seal.</param>
/// <param name="ActionsRoot">The root of an RFC 6962 tree over the canonical bytes of the actions, in the order of
/// stage time and hash, in base64.</param>
/// <param name="ReceivedUntil">Actions that were stored after this time are not part of the seal.</param>
/// <param name="Remains">What outlives the grant; at most <see cref="MostRemains"/>.</param>
/// <param name="RemainsCount">How many there were.</param>
/// <param name="Log">The newest checkpoint of the log; null if it was not signed.</param>
public sealed record DossierSeal(
    string Digest,
    ActionTotals Actions,
    SealedAction? First,
    SealedAction? Last,
    string ActionsRoot,
    DateTimeOffset ReceivedUntil,
    DateTimeOffset? FirstUseAt,
    IReadOnlyList<SealGap> Gaps,
    IReadOnlyList<ResidualAccess> Remains,
    int RemainsCount,
    SealedLog? Log
)
{
    public const int MostRemains = 50;

    /// <summary>The seal with its digest, and with no more of what remains than an event may have.</summary>
    /// <param name="request">The id of the request.</param>
    public DossierSeal For(string request)
    {
        var remains = Remains.Take(MostRemains).ToList();
        // Without details: they are about people, and an unsalted hash would confirm a guess.
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{request}\n{Actions.Exact} {Actions.Failed} {Actions.AfterEnd} {Actions.NotNeeded} {Actions.Attempts} "
        );
        text.Append(CultureInfo.InvariantCulture, $"{Actions.AllowedOtherwise}\n{First?.Hash}\n{Last?.Hash}\n");
        text.Append(CultureInfo.InvariantCulture, $"{ActionsRoot}\n{ReceivedUntil:O}\n{FirstUseAt:O}\n");
        foreach (var gap in Gaps)
            text.Append(CultureInfo.InvariantCulture, $"{gap.Kind} {gap.From:O} {gap.Until:O} {gap.Count}\n");
        foreach (var left in remains)
            text.Append(CultureInfo.InvariantCulture, $"{left.Kind} {left.Certainty} {left.At:O} {left.Name}\n");
        text.Append(CultureInfo.InvariantCulture, $"{RemainsCount}\n{Log?.Size}\n{Log?.Root}\n");
        return this with
        {
            Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))),
            Remains = remains,
        };
    }
}

/// <summary>How many actions of a grant there are, by <see cref="AttributionKind"/>.</summary>
/// <param name="Failed">Of <paramref name="Exact"/>: those that were allowed and failed.</param>
/// <param name="AfterEnd">Of <paramref name="Exact"/>: those after the proven end.</param>
public sealed record ActionTotals(
    long Exact,
    long Failed,
    long AfterEnd,
    long NotNeeded,
    long Attempts,
    long AllowedOtherwise
)
{
    public static readonly ActionTotals None = new(0, 0, 0, 0, 0, 0);

    // A method: a property would become part of the stored event.
    public long Sum() => Exact + NotNeeded + Attempts + AllowedOtherwise;

    public ActionTotals With(RecordedAction action) =>
        action.Attribution switch
        {
            AttributionKind.Exact => this with
            {
                Exact = Exact + 1,
                Failed = Failed + (action.Code >= 400 ? 1 : 0),
                AfterEnd = AfterEnd + (action.IsAfterEnd ? 1 : 0),
            },
            AttributionKind.NotNeeded => this with { NotNeeded = NotNeeded + 1 },
            AttributionKind.Attempt => this with { Attempts = Attempts + 1 },
            _ => this with { AllowedOtherwise = AllowedOtherwise + 1 },
        };
}

/// <param name="StageAt">By the clock of the API server.</param>
public sealed record SealedAction(DateTimeOffset StageAt, string Hash);

/// <param name="Root">In base64.</param>
public sealed record SealedLog(long Size, string Root);

/// <summary>What a dossier cannot know.</summary>
/// <param name="Detail">One line for people.</param>
public sealed record SealGap(
    SealGapKind Kind,
    string Detail,
    DateTimeOffset? From = null,
    DateTimeOffset? Until = null,
    int? Count = null
);

public enum SealGapKind
{
    /// <summary>The cluster never sent its audit log.</summary>
    NoActionFeed,

    /// <summary>The audit log did not come as far as the end of the grant.</summary>
    FeedStopped,

    /// <summary>Events that could not be read, and may be of the subject of the grant.</summary>
    UnreadableEvents,

    /// <summary>Different actions with one audit id: somebody may have wanted to hide one.</summary>
    ReusedAuditIds,

    /// <summary>The transparency log was not signed.</summary>
    LogNotSigned,
}
