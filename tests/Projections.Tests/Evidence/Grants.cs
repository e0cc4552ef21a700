using System.Globalization;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Projections.Tests.Log;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests.Evidence;

/// <summary>Lives of requests in a log.</summary>
internal static class Grants
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task DenyAsync(this TestLog log, string id) =>
        log.HandleAsync(id, new Review(As(Bob, "payments-leads"), Verdict.Deny, Hash, null, Noon));

    /// <summary>From its approval to its end.</summary>
    public static async Task LiveAsync(this TestLog log, string id)
    {
        await log.HandleAsync(id, Approves(Bob, Noon.AddMinutes(1)));
        await log.HandleAsync(id, Begins(Noon.AddMinutes(2)));
        await log.HandleAsync(id, new ConfirmActivation(Noon.AddMinutes(94), [Binding], Noon.AddMinutes(4)));
        await log.HandleAsync(id, new Expire(Noon.AddMinutes(94)));
        await log.HandleAsync(
            id,
            new ConfirmRevocation(new DenialProof(DenialVerdict.Denied, "none"), Noon.AddMinutes(95))
        );
    }

    /// <summary>Stores the events of a request again, as those of other requests.</summary>
    public static Task CopyAsync(this TestLog log, string id, int copies) =>
        log.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                insert into jit.mt_streams
                select r.* from jit.mt_streams s cross join generate_series(1, {{copies}}) n cross join lateral
                  jsonb_populate_record(s, jsonb_build_object('id', 'copy' || lpad(n::text, 8, '0'))) r
                where s.id = '{{id}}';
                insert into jit.mt_events
                select r.* from jit.mt_events e cross join generate_series(1, {{copies}}) n cross join lateral
                  jsonb_populate_record(e, jsonb_build_object(
                    'id', gen_random_uuid(),
                    'stream_id', 'copy' || lpad(n::text, 8, '0'),
                    'seq_id', (select max(seq_id) from jit.mt_events) + (n - 1) * 100 + e.version)) r
                where e.stream_id = '{{id}}';
                select setval('jit.mt_events_sequence', (select max(seq_id) from jit.mt_events));
                """
            )
        );

    private static async Task HandleAsync(this TestLog log, string id, AccessRequestCommand command)
    {
        await using var session = log.Store.Documents.LightweightSession();
        var outcome = await session.Handle(id, command, BySystem, Cancellation);
        Assert.IsType<Decision.Accepted>(outcome.Decision);
    }
}
