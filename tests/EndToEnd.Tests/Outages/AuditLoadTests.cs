using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using JitFunctions.EndToEnd.Tests.Access;

namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageFixture.Name)]
public sealed class AuditLoadTests(OutageFixture fixture)
{
    private const int Deliveries = 60;
    private const int EventsEach = 400;
    private const int Senders = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Senders do as the API server: what is not acknowledged is sent again.</summary>
    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_app_is_killed_under_load()
    {
        await fixture.RestoreAsync();
        var run = Guid.NewGuid().ToString("N");
        using var client = new HttpClient { BaseAddress = fixture.Platform.Host.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            fixture.Platform.Audit.Token
        );
        var acknowledged = new ConcurrentBag<int>();
        var repeated = 0;

        var sending = Parallel.ForEachAsync(
            Enumerable.Range(0, Deliveries),
            new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = Cancellation },
            async (delivery, cancel) =>
            {
                while (!await SendAsync(delivery, cancel))
                {
                    Interlocked.Increment(ref repeated);
                    await Task.Delay(200, cancel);
                }

                acknowledged.Add(delivery);
            }
        );
        await Eventually.Async(() => Task.FromResult(acknowledged.Count >= Deliveries / 6), "some are acknowledged");
        await fixture.KillHostAsync();
        var before = acknowledged.ToArray();
        Assert.Equal(before.Length * EventsEach, await StoredAsync(before));
        await fixture.StartHostAsync();
        await sending;

        Assert.True(repeated > 0, "nothing had to be sent again");
        Assert.Equal(Deliveries * EventsEach, await StoredAsync([.. Enumerable.Range(0, Deliveries)]));
        Assert.Equal(Deliveries * EventsEach, await RecordedAsync());

        async Task<bool> SendAsync(int delivery, CancellationToken cancel)
        {
            using var body = new StringContent(
                ActionTests.List(
                    Enumerable.Range(0, EventsEach).Select(i => ActionTests.Forged($"{run}-{delivery}-{i}", "load"))
                ),
                Encoding.UTF8,
                "application/json"
            );
            try
            {
                using var answer = await client.PostAsync(fixture.Platform.Audit.Address.AbsolutePath, body, cancel);
                if (answer.StatusCode is HttpStatusCode.OK)
                    return true;
                Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
                Assert.Equal("1", answer.Headers.RetryAfter?.ToString());
                return false;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        Task<long> StoredAsync(IEnumerable<int> deliveries) =>
            CountAsync(
                "select count(distinct hash) from jit.jit_actions where audit_id like "
                    + $"any (array[{string.Join(',', deliveries.Select(one => $"'{run}-{one}-%'"))}])"
            );

        // In the events of the log, each once.
        Task<long> RecordedAsync() =>
            CountAsync(
                "select count(*) from jit.mt_events e, jsonb_array_elements_text(e.data -> 'actions') h "
                    + "join jit.jit_actions a on encode(a.hash, 'hex') = h "
                    + $"where e.type = 'actions_recorded' and a.audit_id like '{run}-%'"
            );
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(fixture.Platform.Database);
        await using var query = database.CreateCommand(sql);
        return (long)(await query.ExecuteScalarAsync(Cancellation))!;
    }
}
