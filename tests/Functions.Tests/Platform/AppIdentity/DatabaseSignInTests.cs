using System.Net;
using System.Net.Http.Headers;
using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Platform.AppIdentity;

/// <summary>
/// The app as a process of its own on a real PostgreSQL whose only password for it is the token that was issued last.
/// </summary>
public sealed class DatabaseSignInTests : IAsyncLifetime
{
    private const string Databases = "https://ossrdbms-aad.database.windows.net";
    private const string ClientId = "9b6f3c1e-0000-0000-0000-000000000001";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3); // reached only by a failure

    private readonly SettingsFiles _files = new();
    private readonly HttpClient _client = new();
    private PostgresServer _postgres = null!;
    private TokenRole _role = null!;
    private TokenIssuer _issuer = null!;
    private ManagedIdentity _managed = null!;
    private WorkloadIdentity _workload = null!;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        _postgres = await PostgresServer.StartAsync(cancellation);
        _role = await TokenRole.CreateAsync(_postgres, "jit_app", cancellation);
        _issuer = await TokenIssuer.StartAsync(cancellation: cancellation);
        _managed = await ManagedIdentity.StartAsync(cancellation);
        _workload = await WorkloadIdentity.StartAsync(cancellation);
        foreach (var mint in new[] { _managed.Mint, _workload.Mint })
            mint.OnIssue = token =>
                token.Resource == Databases ? _role.AcceptAsync(token.Value, token.ExpiresOn) : Task.CompletedTask;
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            _issuer.IssueToken(Person.Alice)
        );
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _files.Dispose();
        await _workload.DisposeAsync();
        await _managed.DisposeAsync();
        await _issuer.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task In_a_function_app_it_signs_in_as_the_identity_that_is_meant() =>
        await WorksAsync(
            _managed.Mint,
            ("Postgres__ManagedIdentityClientId", ClientId),
            ("IDENTITY_ENDPOINT", _managed.Endpoint.OriginalString),
            ("IDENTITY_HEADER", _managed.Header)
        );

    [Fact]
    public async Task On_a_virtual_machine_too() =>
        await WorksAsync(
            _managed.Mint,
            ("Postgres__EntraToken", "true"),
            ("Identity__ClientId", ClientId),
            ("AZURE_POD_IDENTITY_AUTHORITY_HOST", _managed.Address.OriginalString)
        );

    [Fact]
    public async Task In_a_pod_it_changes_the_token_of_its_service_account_for_one()
    {
        var environment = _workload.Environment(ClientId).Select(x => (x.Key, x.Value));
        await WorksAsync(
            _workload.Mint,
            [("Postgres__EntraToken", "true"), ("Identity__Kind", "WorkloadIdentity"), .. environment]
        );
    }

    [Fact]
    public async Task A_password_in_the_connection_string_serves_the_engine_too()
    {
        await _role.AcceptAsync("a-password", TimeProvider.System.GetUtcNow().AddHours(1));
        await using var host = await StartAsync(
            ("ConnectionStrings__Postgres", $"{_role.Database};Password=a-password")
        );
        Assert.Equal(HttpStatusCode.OK, await CallAsync(host));
        await UntilLogAsync(host, "Joined as node");
    }

    [Fact]
    public async Task A_token_that_has_ended_with_nobody_to_renew_it_denies_until_there_is_one()
    {
        _managed.Mint.Lifetime = TimeSpan.FromSeconds(20);
        await using var host = await StartAsync(
            ("Postgres__EntraToken", "true"),
            ("IDENTITY_ENDPOINT", _managed.Endpoint.OriginalString),
            ("IDENTITY_HEADER", _managed.Header)
        );
        await UntilAsync(host, HttpStatusCode.OK);

        _managed.Mint.Away = true;
        var last = _managed.Mint.Issued[^1];
        while (_managed.Mint.Find(last.Value) is not null)
            await Task.Delay(200, TestContext.Current.CancellationToken);
        await _role.CutConnectionsAsync(TestContext.Current.CancellationToken);
        await UntilAsync(host, HttpStatusCode.ServiceUnavailable);

        (_managed.Mint.Lifetime, _managed.Mint.Away) = (TimeSpan.FromHours(1), false);
        await UntilAsync(host, HttpStatusCode.OK);
        var log = await File.ReadAllTextAsync(host.Log, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(_managed.Mint.Issued, token => log.Contains(token.Value, StringComparison.Ordinal));
    }

    private async Task WorksAsync(TokenMint mint, params (string Name, string? Value)[] environment)
    {
        mint.Lifetime = CachingCredential.RenewBefore + TimeSpan.FromSeconds(15);
        await using var host = await StartAsync(environment);
        Assert.Each(
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => CallAsync(host))),
            status => Assert.Equal(HttpStatusCode.OK, status)
        );
        Assert.Each(mint.Issued, token => Assert.Equal((Databases, ClientId), (token.Resource, token.ClientId)));

        // The endpoint is away, the token is good: new connections are made with it.
        mint.Away = true;
        await _role.CutConnectionsAsync(TestContext.Current.CancellationToken);
        await UntilAsync(host, HttpStatusCode.OK);
        var issued = RenewedOnlyWhenDue(mint);

        // Its end comes near: the next connections ask for another, and only that one signs in from then on.
        _workload.RotateMountedToken();
        (mint.Lifetime, mint.Away) = (TimeSpan.FromHours(1), false);
        while (mint.Issued.Count == issued)
        {
            await _role.CutConnectionsAsync(TestContext.Current.CancellationToken);
            await CallAsync(host);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        await _role.CutConnectionsAsync(TestContext.Current.CancellationToken);
        await UntilAsync(host, HttpStatusCode.OK);
        Assert.Each(
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => CallAsync(host))),
            status => Assert.Equal(HttpStatusCode.OK, status)
        );
        Assert.Equal(issued + 1, RenewedOnlyWhenDue(mint));
    }

    // On a slow machine the first may come near its end before everything is done that it is meant for.
    private static int RenewedOnlyWhenDue(TokenMint mint)
    {
        var all = mint.Issued;
        var second = TimeSpan.FromSeconds(1); // of which the app is told the whole ones
        // At first there is one token, which was renewed for nothing.
        Assert.All(
            all.Zip(all.Skip(1)),
            pair =>
                Assert.True(
                    pair.Second.IssuedOn > pair.First.ExpiresOn - CachingCredential.RenewBefore - second,
                    $"{pair.Second} came too soon after {pair.First}."
                ),
            throwIfEmpty: false
        );
        return all.Count;
    }

    private async Task<FunctionHost> StartAsync(params (string Name, string? Value)[] environment)
    {
        var settings = _files
            .Good(
                ("ConnectionStrings:Postgres", _role.Database),
                ("EventStore:CreateSchema", "true"),
                ("ReconcilerSchedule", "0 0 0 1 1 *"),
                ("Authentication:Authority", _issuer.Authority.OriginalString),
                ("Authentication:RequireHttps", "false")
            )
            .ToDictionary(
                setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
                setting => setting.Value
            );
        foreach (var (name, value) in environment)
            settings[name] = value;
        return await FunctionHost.StartAsync(settings, TestContext.Current.CancellationToken);
    }

    private async Task<HttpStatusCode> CallAsync(FunctionHost host)
    {
        using var answer = await _client.GetAsync(
            new Uri(host.Address, "api/requests"),
            TestContext.Current.CancellationToken
        );
        return answer.StatusCode;
    }

    private static async Task UntilLogAsync(FunctionHost host, string text)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (
            !(await File.ReadAllTextAsync(host.Log, TestContext.Current.CancellationToken)).Contains(
                text,
                StringComparison.Ordinal
            )
        )
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Deadline, $"'{text}' is not in the log.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task UntilAsync(FunctionHost host, HttpStatusCode expected)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (await CallAsync(host) is var status && status != expected)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Deadline, $"It still answers {status}.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
