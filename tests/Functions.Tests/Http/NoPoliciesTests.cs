using System.Net;
using System.Net.Http.Headers;
using JitFunctions.Domain.Policies;
using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Http;

/// <summary>The app as a process of its own, with policies in force that it cannot read any more.</summary>
public sealed class NoPoliciesTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>, IDisposable
{
    private readonly SettingsFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Rights_are_given_back_and_taken_away_without_policies_and_nothing_else_is_done()
    {
        const string NoLonger = "policies: [{ unheard: of }]\n";
        await using (var session = store.Documents.LightweightSession())
        {
            session.Events.StartStream(
                PolicyEvent.Stream,
                new PolicyEvent.Published(
                    "sha256:0",
                    [new("a.yaml", NoLonger)],
                    "somebody",
                    "elsewhere",
                    [],
                    DateTimeOffset.UnixEpoch
                )
            );
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using var issuer = await TokenIssuer.StartAsync(cancellation: TestContext.Current.CancellationToken);
        var settings = _files.Good(
            ("ConnectionStrings:Postgres", store.ConnectionString),
            ("EventStore:CreateSchema", "true"),
            ("Policies:Path", _files.Write("a.yaml", NoLonger)),
            ("Authentication:Authority", issuer.Authority.OriginalString),
            ("Authentication:RequireHttps", "false"),
            ("ReconcilerSchedule", "0 0 0 1 1 *")
        );
        await using var host = await FunctionHost.StartAsync(
            settings.ToDictionary(
                setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
                setting => setting.Value
            ),
            TestContext.Current.CancellationToken
        );
        using var client = new HttpClient { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            issuer.IssueToken(Person.Alice)
        );

        foreach (var verb in new[] { "withdraw", "relinquish", "revoke" })
            Assert.Equal(HttpStatusCode.NotFound, await PostAsync(client, $"api/requests/3f9k2m7xq0ab/{verb}"));
        foreach (var verb in new[] { "reviews", "extend" })
            Assert.Equal(
                HttpStatusCode.ServiceUnavailable,
                await PostAsync(client, $"api/requests/3f9k2m7xq0ab/{verb}")
            );
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(client, "api/requests"));
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string path)
    {
        using var answer = await client.PostAsync(
            new Uri(path, UriKind.Relative),
            null,
            TestContext.Current.CancellationToken
        );
        return answer.StatusCode;
    }
}
