using System.Globalization;
using JitFunctions.Domain.Evidence;
using JitFunctions.TransparencyLog.Checkpoints;

namespace JitFunctions.EvidenceFiles;

/// <summary>The page of an archive that says what is in it, and with which commands it is verified.</summary>
internal static class EvidenceReadme
{
    public static string Of(EvidenceAbout about, SignedCheckpoint checkpoint)
    {
        var (from, to) = (EvidencePeriod.Text(about.Period.From), EvidencePeriod.Text(about.Period.To));
        var (exactFrom, exactTo) = (Exact(about.Period.From), Exact(about.Period.To));
        return string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                # Evidence from {{from}} until {{to}}

                Made from the log `{{about.Origin}}` at {{about.Leaves}} leaves, root
                `{{checkpoint.Checkpoint.Root.ToBase64()}}`. The last leaf was recorded at
                {{EvidencePeriod.Text(about.AsOf)}}. All times are UTC.

                | file | content |
                |---|---|
                | `exceptions.csv` | {{about.Exceptions}} exceptions: read these first |
                | `population.csv` | {{about.Requests}} requests: one row each |
                | `grants/ID/` | for each request: `events.ndjson`, a `.tlog-proof` for each event, the dossier |
                | `controls.md`, `controls.csv` | which control is answered by which file |
                | `checkpoint`, `leaves.ndjson`, `hashes` | the whole log, from which all of the above follows |
                | `policy` | the keys that the log suggests: get them from somebody whom you trust |
                | `evidence.json` | period and counts, for programs |

                ## What the population is

                The population of a period has each request that was submitted before the end of the period, and
                that was not over when the period began, or of which an event was recorded within the period. The
                beginning belongs to the period, its end does not. It is made of all leaves of the log, by their
                time and type: no query and no filter is between.

                ## Verify it

                    kubectl jit verify evidence.zip --policy auditor.policy

                needs no server. It computes the root of the log from `leaves.ndjson`, compares it with the signed
                checkpoint, makes the population and the exceptions anew from these leaves, and compares them with
                the files, row by row. It names each row and each folder that is missing, added or changed.
                `auditor.policy` has the keys that you trust. Check that the period that it prints is the one that
                you asked for.

                Without our programs, the requests of the log can be counted with `jq`; the answer is to be
                {{about.Requests}}:

                    jq -n --arg from {{exactFrom}} --arg to {{exactTo}} '
                      ["request_denied", "request_withdrawn", "request_lapsed", "access_ended",
                        "request_failed"] as $final
                      | [inputs.leaf | @base64d | fromjson] | group_by(.stream)
                      | map(select(any(.type == "access_requested" and .at < $to)
                          and (any(.at >= $from and .at < $to)
                            or all(.at >= $from or (.type | IN($final[]) | not)))))
                      | length' leaves.ndjson

                ## Draw a sample

                    kubectl jit sample --seed SEED --n 25 evidence.zip

                Choose the seed after you have the archive. The rows are ordered by SHA-256 of `SEED:ID`, so that
                the sample can be drawn without our programs:

                    tail -n +2 population.csv | cut -d, -f1 | while read -r id; do
                      printf '%s %s\n' "$(printf '%s:%s' "$SEED" "$id" | sha256sum | cut -d' ' -f1)" "$id"
                    done | sort | head -n 25

                (If a cell of your population has a line break, take the ids with a program that reads CSV.)

                ## What is not proven

                - The dossiers: they show actions, of which the log has the hashes.
                - That what was recorded is true, and that an event was recorded at all. `docs/record.md` says more.

                """
            )
            .ReplaceLineEndings("\n");
    }

    // As leaves have it: texts with the same number of digits can be compared.
    private static string Exact(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
