using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Text;
using JitFunctions.Functions.Monitoring;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>Objects in one cluster that have our label, and that the reconciler does not touch.</summary>
internal sealed class ForeignObjects(string cluster, Installation own)
{
    private const int MostNames = 5;
    private const int MostRequests = 100;
    private const string NoInstallation = "";

    private readonly List<FoundObject> _unknown = [];
    private readonly List<(FoundObject Found, string Request)> _naming = [];
    private readonly List<(FoundObject Found, AccessRequest Request)> _elsewhere = [];

    /// <param name="named">The request in this event store whose name the object has.</param>
    public void AddForeign(FoundObject found, AccessRequest? named)
    {
        if (named is not null)
            _naming.Add((found, named.Id));
        else
            _unknown.Add(found);
    }

    public void AddElsewhere(FoundObject found, AccessRequest request) => _elsewhere.Add((found, request));

    public void AddTo(RunReport report)
    {
        foreach (var group in _naming.GroupBy(one => one.Request).Take(MostRequests))
        {
            report.Add(
                FindingKind.ObjectForeign,
                group.Key,
                $"named after this request and not known to be its own, in {cluster}: "
                    + $"{Describe([.. group.Select(one => one.Found)])}"
            );
        }

        foreach (var group in _elsewhere.GroupBy(one => one.Request.Id).Take(MostRequests))
        {
            report.Add(
                FindingKind.ObjectElsewhere,
                group.Key,
                $"the grant is for cluster {group.First().Request.Terms.Scope.Cluster}, and in {cluster} there "
                    + $"is {Names([.. group.Select(one => one.Found)])}"
            );
        }

        if (_unknown is not [])
            report.Add(FindingKind.ObjectForeign, cluster, Describe(_unknown));
    }

    private string Describe(IReadOnlyList<FoundObject> found)
    {
        var groups = found
            .GroupBy(one => one.Installation ?? NoInstallation)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        var described = string.Join("; ", groups.Take(MostNames).Select(group => Describe(group.Key, [.. group])));
        return groups.Count > MostNames ? $"{described}; and {groups.Count - MostNames} more installations" : described;
    }

    private string Describe(string installation, List<FoundObject> found)
    {
        var whose = installation switch
        {
            NoInstallation => "without the label of an installation",
            _ when installation == own.Id => $"of this installation ({own.Id}), which this event store does not know",
            _ => $"of installation {installation}",
        };
        return $"{found.Count} {whose}: {Names(found)}";
    }

    private static string Names(IReadOnlyList<FoundObject> found)
    {
        var names = found
            .Take(MostNames)
            .Select(one =>
                $"{one.Ref.Kind} {(one.Ref.Namespace is { } ns ? $"{ns}/" : "")}{ShortText.Name(one.Ref.Name)}"
            );
        return $"{string.Join(", ", names)}{(found.Count > MostNames ? $" and {found.Count - MostNames} more" : "")}";
    }
}
