using System.Text;
using JitFunctions.Domain.Text;

namespace JitFunctions.EvidenceFiles;

/// <summary>A control of a framework, and where the archive has what answers it.</summary>
/// <param name="Subject">What the control asks for, in a few words of ours: not its text.</param>
/// <param name="Files">Of the archive.</param>
/// <param name="Records">The columns, exceptions and events that answer it.</param>
/// <param name="Limit">What the archive does not answer; empty if nothing is known.</param>
public sealed record ControlRow(
    string Framework,
    string Control,
    string Subject,
    string Files,
    string Records,
    string Limit
);

/// <summary>The map from controls to the files of an archive. docs/evidence.md has the same table.</summary>
public static class ControlMap
{
    private const string Soc2 = "SOC 2";
    private const string Iso = "ISO/IEC 27001:2022";
    private const string Nist = "NIST SP 800-53 Rev. 5";

    public static readonly IReadOnlyList<ControlRow> All =
    [
        new(
            Soc2,
            "CC6.1",
            "Logical access to protected assets is restricted",
            "population.csv; leaves.ndjson",
            "policy, policy_version; events policy_published, policy_rejected",
            "Standing rights in the clusters are not in the archive"
        ),
        new(
            Soc2,
            "CC6.2",
            "Access is authorized before it is given, and removed when it is no longer authorized",
            "population.csv; exceptions.csv; grants/*/events.ndjson",
            "approval, approvers, approved_at before activated_at; ended_at, denial; exceptions not-approved, "
                + "late-end, not-ended",
            "Registration of users is the identity provider's"
        ),
        new(
            Soc2,
            "CC6.3",
            "Access follows roles, least privilege and segregation of duties, and is changed and removed",
            "population.csv; exceptions.csv; grants/*/events.ndjson",
            "requester and approvers, role, namespaces, duration; events request_narrowed, break_glass_reviewed; "
                + "exceptions self-approval, too-few-approvals, break-glass-unreviewed",
            ""
        ),
        new(
            Soc2,
            "CC7.2",
            "Anomalies are monitored for",
            "exceptions.csv; grants/*/events.ndjson",
            "exceptions drift, role-grown, stray-removed, removal-delayed, action-feed-gap, audit-id-reused",
            "Alerting is outside of the archive"
        ),
        new(
            Soc2,
            "CC7.3",
            "Security events are evaluated",
            "exceptions.csv; grants/*/events.ndjson",
            "events break_glass_reviewed, break_glass_settled; exceptions break-glass-unreviewed, "
                + "break-glass-unjustified",
            ""
        ),
        new(
            Iso,
            "A.5.3",
            "Conflicting duties are segregated",
            "population.csv; exceptions.csv",
            "requester, approvers; exceptions self-approval, too-few-approvals, not-determined",
            ""
        ),
        new(
            Iso,
            "A.5.15",
            "Rules for access exist and are applied",
            "population.csv; leaves.ndjson",
            "policy, policy_version; events policy_published",
            ""
        ),
        new(
            Iso,
            "A.5.18",
            "Access rights are provisioned, reviewed, changed and removed",
            "population.csv; grants/*/events.ndjson",
            "the whole stream of each request: access_requested to access_ended",
            "Standing rights are not in the archive"
        ),
        new(
            Iso,
            "A.8.2",
            "Privileged access is restricted and managed",
            "population.csv; grants/*/events.ndjson",
            "one row for each use, with expires_at and ended_at; extensions; exception extension-beyond-policy",
            ""
        ),
        new(
            Iso,
            "A.8.15",
            "Logs are produced, protected and analysed",
            "checkpoint; leaves.ndjson; grants/*/*.tlog-proof",
            "signed checkpoint, cosignatures of witnesses, inclusion proofs",
            ""
        ),
        new(
            Iso,
            "A.8.17",
            "Clocks are synchronized",
            "leaves.ndjson; checkpoint",
            "the time of each leaf is the database's; the time of a cosignature is the witness's",
            "The archive does not show how the clocks are synchronized"
        ),
        new(
            Iso,
            "A.5.28",
            "Evidence is collected and preserved",
            "all",
            "kubectl jit verify shows that nothing was changed since the checkpoint",
            "Who keeps the archive is outside of it"
        ),
        new(
            Nist,
            "AC-2(2), AC-2(3)",
            "Temporary access is removed automatically after its time",
            "population.csv; exceptions.csv",
            "expires_at, ended_at, end_cause, denial; exceptions late-end, not-ended, denial-not-proven",
            ""
        ),
        new(
            Nist,
            "AC-2(4)",
            "Creation, change and removal of access are audited automatically",
            "leaves.ndjson; grants/*/events.ndjson",
            "each event is a leaf of the log",
            ""
        ),
        new(
            Nist,
            "AC-3(2), AC-5",
            "Dual authorization and separation of duties",
            "population.csv; exceptions.csv",
            "requester, approvers; exceptions self-approval, too-few-approvals",
            ""
        ),
        new(
            Nist,
            "AC-6, AC-6(1), AC-6(2), AC-6(5)",
            "Least privilege",
            "population.csv; grants/*/events.ndjson",
            "role, namespaces, duration; rights and dangers of access_requested; request_narrowed",
            "Whether less would have done is a judgement"
        ),
        new(
            Nist,
            "AC-6(7)",
            "Privileges are reviewed",
            "exceptions.csv; grants/*/events.ndjson",
            "request_reviewed, extension_reviewed, break_glass_reviewed",
            "Reviews of standing rights are not in the archive"
        ),
        new(
            Nist,
            "AC-6(9)",
            "Use of privileged functions is logged",
            "grants/*/dossier.json; exceptions.csv",
            "actions of the grant; exceptions action-feed-gap, audit-id-reused",
            "Actions are in the dossier, and not proven by the log"
        ),
        new(
            Nist,
            "AU-2, AU-3, AU-12",
            "Events are logged, with what, when, where, who and the outcome",
            "grants/*/events.ndjson",
            "type, time, subject and data of each event",
            ""
        ),
        new(
            Nist,
            "AU-6",
            "Records are reviewed",
            "exceptions.csv",
            "all exceptions, each with its leaf",
            "That somebody looked at them is not in the archive"
        ),
        new(Nist, "AU-8", "Time stamps", "leaves.ndjson; checkpoint", "time of each leaf; time of cosignatures", ""),
        new(
            Nist,
            "AU-9, AU-9(2), AU-9(3)",
            "Audit information is protected, kept elsewhere, and protected by cryptography",
            "checkpoint; leaves.ndjson; hashes",
            "Merkle tree, signatures and cosignatures",
            "Where checkpoints are kept is a setting of the installation"
        ),
        new(
            Nist,
            "AU-10",
            "Non-repudiation",
            "grants/*/*.tlog-proof",
            "the event, its inclusion proof and the signed checkpoint",
            "People do not sign: the app records who was signed in"
        ),
        new(
            Nist,
            "AU-11",
            "Records are retained",
            "leaves.ndjson",
            "all leaves from index 0 on",
            "How long actions are kept is a setting of the installation"
        ),
    ];

    private static readonly string[] Columns = ["framework", "control", "subject", "files", "records", "not_answered"];

    public static string Table() => string.Concat([Csv.Line(Columns), .. All.Select(row => Csv.Line(Cells(row)))]);

    public static string Page()
    {
        var page = new StringBuilder(
            """
            # Controls and where this archive answers them

            The subjects are in our words: read the text of a control in its own document. Whether a
            control is met is the auditor's judgement.

            """
        );
        page.Append(Rows());
        return page.ToString();
    }

    /// <summary>The table in Markdown.</summary>
    public static string Rows()
    {
        var rows = new StringBuilder();
        rows.Append(
            "\n| framework | control | subject | files | records | not answered |\n|---|---|---|---|---|---|\n"
        );
        foreach (var row in All)
            rows.Append("| ").AppendJoin(" | ", Cells(row)).Append(" |\n");
        return rows.ToString();
    }

    private static string[] Cells(ControlRow row) =>
        [row.Framework, row.Control, row.Subject, row.Files, row.Records, row.Limit];
}
