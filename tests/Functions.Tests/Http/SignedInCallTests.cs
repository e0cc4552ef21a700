using System.Net;
using System.Net.Http.Headers;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Http;

/// <summary>The app as a process of its own: whoever gets in is known from then on.</summary>
public sealed class SignedInCallTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>, IDisposable
{
    private readonly SettingsFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_call_with_a_good_token_shows_the_groups_and_a_refused_one_does_not()
    {
        await using var issuer = await TokenIssuer.StartAsync(cancellation: TestContext.Current.CancellationToken);
        var settings = _files.Good(
            ("ConnectionStrings:Postgres", store.ConnectionString),
            ("EventStore:CreateSchema", "true"),
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

        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await CallAsync(host, issuer.IssueToken(Person.Bob, TimeSpan.FromHours(-1)))
        );
        Assert.Null((await AskAsync(issuer, Person.Bob)).Groups);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(host, issuer.IssueToken(Person.Alice)));
        Assert.Equal(Person.Alice.Groups, (await AskAsync(issuer, Person.Alice)).Groups);
    }

    private static async Task<HttpStatusCode> CallAsync(FunctionHost host, string token)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync(
            new Uri(host.Address, "api/requests"),
            TestContext.Current.CancellationToken
        );
        return answer.StatusCode;
    }

    private Task<Membership> AskAsync(TokenIssuer issuer, Person person) =>
        new TokenDirectory(store.Documents, new(), TimeProvider.System).MembershipOfAsync(
            new($"{issuer.Authority.OriginalString}#{person.Subject}", person.UserName),
            TestContext.Current.CancellationToken
        );
}
