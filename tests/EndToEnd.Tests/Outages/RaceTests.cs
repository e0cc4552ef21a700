using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using JitFunctions.EndToEnd.Tests.Access;

namespace JitFunctions.EndToEnd.Tests.Outages;

/// <summary>
/// Many calls of one person on one request, and somebody else's that has to end it. How long that takes depends on the
/// machine; how many of the many are answered meanwhile does not. Alone, since they fill the host.
/// </summary>
[Collection(OutageFixture.Name)]
public sealed partial class RaceTests(OutageFixture fixture)
{
    private const int Rounds = 20;
    private const int WritingRounds = 5;
    private const int Callers = 100;
    private const int LargestLog = 1024 * 1024;

    private static readonly TimeSpan LongestRevoke = TimeSpan.FromSeconds(2);

    // Each caller has one call under way when the revoke is sent, and may get the next one in before it arrives.
    private const int MostAnsweredMeanwhile = 2 * Callers;

    [Fact]
    public async Task A_revoke_among_a_hundred_who_ask_for_the_credential_is_done_at_once()
    {
        await fixture.RestoreAsync();
        var team = await Team.SetAsync(fixture.Platform, "lent");
        var logged = new FileInfo(fixture.Platform.Host.Log).Length;

        List<int> meanwhile = [];
        for (var round = 0; round < Rounds; round++)
            meanwhile.Add(await RevokeInTheRushAsync(team));

        TestContext.Current.SendDiagnosticMessage($"answered meanwhile: {string.Join(", ", meanwhile)}");
        Assert.InRange(meanwhile.Max(), 0, MostAnsweredMeanwhile);
        Assert.InRange(await LoggedByTheAppAsync(fixture.Platform.Host.Log, logged), 0, LargestLog);
    }

    [Fact]
    public async Task A_revoke_among_a_hundred_who_write_to_the_request_is_done_at_once()
    {
        await fixture.RestoreAsync();
        var team = await Team.SetAsync(fixture.Platform, "longer");

        List<TimeSpan> took = [];
        for (var round = 0; round < WritingRounds; round++)
            took.Add(await RevokeAmongExtensionsAsync(team));

        Assert.Each(took, time => Assert.InRange(time, TimeSpan.Zero, LongestRevoke));
    }

    /// <summary>Without the entries that the Functions host writes about each call.</summary>
    private static async Task<int> LoggedByTheAppAsync(string log, long from)
    {
        await using var file = File.Open(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(from, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        return Entry().Split(text).Where(entry => !HostEntry().IsMatch(entry)).Sum(entry => entry.Length);
    }

    // As the console logger writes it: "info: Category[7]", and the message in lines below.
    [GeneratedRegex(@"^(?=[a-z]{4}: )", RegexOptions.Multiline)]
    private static partial Regex Entry();

    // What the worker sends goes by Function.Name.User.
    [GeneratedRegex(@"\A[a-z]{4}: (?:Host\.[\w.]+|Function\.\w+)\[")]
    private static partial Regex HostEntry();

    // Each extension is two events, without a review; fifty of them are accepted, and the revoke comes among those.
    private static async Task<TimeSpan> RevokeAmongExtensionsAsync(Team team)
    {
        var id = (await team.GrantAsync(team.Terms("5m", "ClusterRole/view", team.NamespaceOf("longer")))).Id();
        var (requester, approver) = (team.As(team.Alice), team.As(team.Bob));
        var extended = 0;
        var rush = Enumerable.Range(0, Callers).Select(i => Task.Run(() => ExtendUntilTheEndAsync(i))).ToList();
        await Eventually.Async(() => Task.FromResult(Volatile.Read(ref extended) > 0), "one was extended");

        var watch = Stopwatch.StartNew();
        (await approver.PostAsync($"/api/requests/{id}/revoke")).Expect(HttpStatusCode.OK);
        watch.Stop();

        await Task.WhenAll(rush);
        var events = (await requester.EventsAsync(id)).Types();
        Assert.True(events.Count(type => type == "extension_requested") < 50, "all were extended before the revoke");
        await requester.WaitForAsync(id, "ended");
        return watch.Elapsed;

        async Task ExtendUntilTheEndAsync(int caller)
        {
            while (true)
            {
                var answer = await requester.PostAsync(
                    $"/api/requests/{id}/extend",
                    new { duration = "5s", reason = $"caller {caller}" }
                );
                if (answer.Code == "wrong-state")
                    return;
                if (answer.Status == HttpStatusCode.OK)
                    Interlocked.Increment(ref extended);
                else
                    Assert.True(answer.Code is "too-many-waits" or "extension-too-long", answer.ToString());
            }
        }
    }

    private static async Task<int> RevokeInTheRushAsync(Team team)
    {
        var id = (await EphemeralTests.GrantAsync(team)).Id();
        var (requester, approver) = (team.As(team.Alice), team.As(team.Bob));
        var answered = 0;
        var rush = Enumerable.Range(0, Callers).Select(_ => Task.Run(AskUntilTheEndAsync)).ToList();
        await Eventually.Async(() => Task.FromResult(Volatile.Read(ref answered) > 0), "somebody was answered");

        var before = Volatile.Read(ref answered);
        (await approver.PostAsync($"/api/requests/{id}/revoke")).Expect(HttpStatusCode.OK);
        var meanwhile = Volatile.Read(ref answered) - before;

        await Task.WhenAll(rush);
        var events = (await requester.EventsAsync(id)).Types();
        Assert.InRange(events.Count(type => type == "credential_issued"), 1, 2);
        await requester.WaitForAsync(id, "ended");
        return meanwhile;

        async Task AskUntilTheEndAsync()
        {
            while (true)
            {
                var answer = await requester.PostAsync($"/api/requests/{id}/credential");
                if (answer.Code == "wrong-state")
                    return;
                answer.Expect(HttpStatusCode.OK);
                Interlocked.Increment(ref answered);
            }
        }
    }
}
