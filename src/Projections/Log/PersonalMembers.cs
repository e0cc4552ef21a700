using System.Collections.Frozen;

namespace JitFunctions.Projections.Log;

/// <summary>
/// Which members of events are about people, or may be. The log has a salted digest of each, and beside it the
/// disclosure, which can be erased. All other members are in the log as they are. A test fails when an event has a
/// member with text that is in neither list.
/// </summary>
public static class PersonalMembers
{
    /// <summary>The members that are disclosed, wherever they are in the data or the headers.</summary>
    public static readonly IReadOnlySet<string> Personal = new[]
    {
        // Who somebody is.
        "actor-subject",
        "groups",
        "otherAccounts",
        "publisher",
        "subject",
        "subjects",
        "userName",
        "username",
        // Chosen by the client of a call.
        "auditId",
        // Lists of subjects.
        "lost",
        "reviewers",
        // What people write, and what clusters answer: it may quote names.
        "changes",
        "comment",
        "content",
        "detail",
        "errors",
        "query",
        "reason",
        "standing",
        "summary",
        "ticket",
        "untold",
        // Rules may name users to impersonate.
        "resourceNames",
        // Hashes without a salt over personal members: with them, an erased value could be guessed and confirmed.
        "fingerprint",
        "scopeHash",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The members with text that are in the log as they are.</summary>
    public static readonly IReadOnlySet<string> Plain = new[]
    {
        // Hashes of actions. Each action has random and unknown parts, so that its hash confirms no guess.
        "action",
        "actions",
        "actionsRoot",
        "apiGroups",
        "approverGroups",
        "blastRadius",
        "call",
        "channel",
        "cluster",
        "correlationId",
        "digest",
        "gaps",
        "grant",
        "hash",
        "id",
        "installation",
        "kind",
        "name",
        "namespace",
        "namespaces",
        "nonResourceUrls",
        "placeholder",
        "request",
        "resources",
        "role",
        "root",
        "seal",
        "source",
        "stage",
        "timeZone",
        "uid",
        "verbs",
        "version",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <param name="path">A JSON pointer.</param>
    internal static bool IsPersonal(string path) => Personal.Contains(path[(path.LastIndexOf('/') + 1)..]);
}
