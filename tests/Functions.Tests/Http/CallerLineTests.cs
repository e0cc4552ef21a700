using JitFunctions.Domain.Identity;
using JitFunctions.Functions.Http;

namespace JitFunctions.Functions.Tests.Http;

public sealed class CallerLineTests
{
    private static readonly Caller Alice = new(new("issuer#a1", "alice@example.com"), [])
    {
        OtherAccounts = ["Alice.Adm@example.com"],
    };
    private static readonly Caller Linked = new(new("issuer#a2", "alice.adm@example.com"), [])
    {
        OtherAccounts = ["alice@example.com"],
    };
    private static readonly Caller Bob = new(new("issuer#b1", "bob@example.com"), []);

    private readonly CallerLine _line = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_limit_of_cluster_calls_is_per_human_over_all_accounts_and_does_not_delay_others()
    {
        var present = await WaitAsync(Alice);
        var waiting = Enumerable.Range(0, CallerLine.Most).Select(i => WaitAsync(i % 2 == 0 ? Alice : Linked)).ToList();

        Assert.Null(await WaitAsync(Alice));
        Assert.Null(await WaitAsync(Linked));
        Assert.NotNull(await WaitAsync(Bob).WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.NotNull(await WaitAsync(Alice, "prod").WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        var breakGlass = WaitAsync(Linked, breakGlass: true);

        present!.Dispose();
        (await breakGlass)!.Dispose();
        foreach (var call in waiting)
            (await call)!.Dispose();
        Assert.NotNull(await WaitAsync(Alice));
    }

    private Task<IDisposable?> WaitAsync(Caller caller, string cluster = "demo", bool breakGlass = false) =>
        _line.TryWaitAsync(caller, cluster, breakGlass, Cancellation);
}
