using System.Globalization;
using System.Text.Json;

namespace JitFunctions.Domain.Evidence;

/// <summary>Collects the exceptions of one request, or of a cluster.</summary>
internal sealed class RequestExceptions(string request)
{
    /// <summary>How much later than promised something may be recorded: clocks of app and database differ.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private readonly List<ExceptionRow> _all = [];

    public IReadOnlyList<ExceptionRow> All => _all;

    public static bool IsLate(DateTimeOffset due, DateTimeOffset at) => at - due > Tolerance;

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public void Add(string code, LoggedFact fact, string detail) =>
        _all.Add(new(request, code, fact.At, fact.Index, detail));

    /// <summary>What was found in the cluster.</summary>
    public void AddOfCluster(LoggedFact fact)
    {
        switch (fact.Type)
        {
            case FactNames.DriftFound:
                var drift = fact.Data.Member("drift");
                Add(
                    ExceptionCodes.Drift,
                    fact,
                    $"{drift.Shown("kind")} {drift.Shown("name")}: {drift.Shown("detail")}; {drift.Shown("remedy")}"
                );
                break;
            case FactNames.RoleGrown:
                Add(ExceptionCodes.RoleGrown, fact, "the role allows more than was approved");
                break;
            case FactNames.RevocationDelayed when fact.Data.Text("alarm") is not "warning":
                Add(
                    ExceptionCodes.RemovalDelayed,
                    fact,
                    $"attempt {Number(fact.Data.Number("attempt"))}: {fact.Data.Shown("detail")}"
                );
                break;
            case FactNames.DossierSealed:
                foreach (var gap in fact.Data.Member("seal").Items("gaps"))
                    AddGap(fact, gap);
                break;
            case FactNames.ActionsRecorded when fact.Data.Texts("gaps") is [_, ..] gaps:
                Add(
                    ExceptionCodes.ActionFeedGap,
                    fact,
                    $"{Number(gaps.Count)} events of the audit log of {fact.Data.Shown("cluster")} cannot be read"
                );
                break;
            case FactNames.AuditIdReused:
                Add(
                    ExceptionCodes.AuditIdReused,
                    fact,
                    $"{Number(fact.Data.Items("reused").Count())} audit ids were used for different actions"
                );
                break;
            case FactNames.StrayRemoved:
                Add(ExceptionCodes.StrayRemoved, fact, $"{fact.Data.Shown("name")} of {fact.Data.Shown("role")}");
                break;
        }
    }

    private void AddGap(LoggedFact fact, JsonElement gap) =>
        Add(
            gap.Text("kind") is "reusedAuditIds" ? ExceptionCodes.AuditIdReused : ExceptionCodes.ActionFeedGap,
            fact,
            $"{gap.Shown("kind")}: {gap.Shown("detail")}"
        );
}
