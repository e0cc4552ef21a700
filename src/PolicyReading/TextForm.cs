using System.Text.RegularExpressions;
using JitFunctions.Domain.Text;

namespace JitFunctions.PolicyReading;

/// <summary>
/// The required form of a text. docs/policy.schema.json contains the same expressions under the same names.
/// </summary>
/// <param name="Words">Completes "must be …".</param>
/// <param name="Pattern">A pattern for the whole text, in syntax that has the same meaning in .NET and
/// ECMAScript.</param>
internal sealed record TextForm(string Name, string Words, string Pattern)
{
    private const int Longest = 1000;

    // See PlainText for these characters. An expression with the same meaning in ECMAScript cannot tell all characters
    // beyond U+FFFF apart. Of those, it contains only the tag characters, by their high surrogates.
    private const string Unseen =
        @"\u0000-\u001f\u007f-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
        + @"\u115f\u1160\u17b4\u17b5\u180b-\u180f"
        + @"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\udb40-\udb43";

    private const string UnseenInName = Unseen + @"\ufe00-\ufe0f";

    public static readonly TextForm PolicyName = new(
        "name",
        "a name of at most 63 letters, digits, '.', '_' and '-'",
        "[A-Za-z0-9][A-Za-z0-9._-]{0,62}"
    );

    // The group or user in the token; the form depends on the identity provider. Nobody can sign in with a name that is
    // reserved by Kubernetes.
    public static readonly TextForm Who = new(
        "who",
        "a group or user as tokens name it (256 characters at most; 'system:…' is Kubernetes' own)",
        $@"(?![Ss][Yy][Ss][Tt][Ee][Mm]:)[^\s{UnseenInName}](?:[^{UnseenInName}]{{0,254}}[^\s{UnseenInName}])?"
    );

    public static readonly TextForm NamePattern = new(
        "namePattern",
        "a name, or a pattern with *: lower-case letters, digits and '-', at most 63",
        "[a-z0-9*](?:[a-z0-9*-]{0,61}[a-z0-9*])?"
    );

    public static readonly TextForm Role = new(
        "role",
        "Role/name or ClusterRole/name (no patterns)",
        @"(?:Cluster)?Role/(?!\.{1,2}$)[!-$&-)+-.0-~]{1,253}"
    );

    public static readonly TextForm ApiGroup = new(
        "apiGroup",
        "an API group such as apps, * for any, or \"\" for the core group",
        "(?:[*]|[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)?"
    );

    // RBAC supports only these two wildcards: ResourceMatches in kubernetes/kubernetes,
    // pkg/apis/rbac/v1/evaluation_helpers.go.
    public static readonly TextForm Resource = new(
        "resource",
        "a resource such as pods, pods/log, */scale, or * for any",
        "[*]|(?:[*]/)?[a-z0-9][a-z0-9.-]{0,200}(?:/[a-z0-9][a-z0-9.-]{0,40})?"
    );

    public static readonly TextForm Verb = new(
        "verb",
        "a verb such as get, or * for any",
        "[*]|[a-z][a-z0-9:./-]{0,252}"
    );

    public static readonly TextForm ObjectName = new(
        "objectName",
        "the name of an object, or a pattern with *",
        @"(?!\.{1,2}$)[!-$&-.0-~]{1,253}"
    );

    public static readonly TextForm LabelKey = new(
        "labelKey",
        "the key of a label",
        "(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
    );

    public static readonly TextForm LabelValue = new(
        "labelValue",
        "the value of a label",
        "(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?"
    );

    public static readonly TextForm Duration = new(
        "duration",
        "a duration such as 30m or 1h30m",
        "(?=.)(?:[0-9]{1,6}h)?(?:[0-9]{1,6}m)?(?:[0-9]{1,6}s)?"
    );

    public static readonly TextForm TimeOfDay = new(
        "timeOfDay",
        "a time such as \"08:00\"",
        "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
    );

    public static readonly TextForm EndOfWindow = new(
        "endOfWindow",
        "a time such as \"18:00\", at most \"24:00\"",
        "(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00"
    );

    // Besides the IANA names, the folder of time zones contains copies with leap seconds, and the machine's own time
    // zone.
    public static readonly TextForm TimeZone = new(
        "timeZone",
        "an IANA time zone such as Europe/Berlin",
        "(?!posix|right|localtime|Factory)[A-Za-z][A-Za-z0-9_+-]{0,40}(?:/[A-Za-z0-9_+-]{1,40}){0,2}"
    );

    public static readonly TextForm Expression = new(
        "expression",
        "a regular expression of at most 500 characters",
        $"[^{Unseen}]{{1,500}}"
    );

    public static readonly TextForm Sentence = new(
        "sentence",
        "plain text in one line, of at most 500 characters",
        $@"(?=.*\S)[^{Unseen}]{{1,500}}"
    );

    public static IReadOnlyList<TextForm> All { get; } =
    [
        PolicyName,
        Who,
        NamePattern,
        Role,
        ApiGroup,
        Resource,
        Verb,
        ObjectName,
        LabelKey,
        LabelValue,
        Duration,
        TimeOfDay,
        EndOfWindow,
        TimeZone,
        Expression,
        Sentence,
    ];

    private readonly Regex _whole = new($@"\A(?:{Pattern})\z", RegexOptions.CultureInvariant);

    public bool Fits(string text) => text.Length <= Longest && PlainText.IsLine(text) && _whole.IsMatch(text);
}
