using System.Net;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Outages;

/// <summary>Many people at once, who wait and read. Alone, since time is measured.</summary>
[Collection(OutageFixture.Name)]
public sealed class CrowdTests(OutageFixture fixture)
{
    private const int People = 25;
    private const int WaitsOfEach = 20;
    private const int Readers = 100;

    // A fraction of it is what it takes on a machine of which two cores are free; thousands of waits took longer.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Five_hundred_who_wait_and_a_hundred_who_read_keep_no_grant_from_its_begin_nor_from_its_end()
    {
        Assert.SkipUnless(
            TestHost.IsEmbedded,
            "The Functions host answers no more than a hundred calls at once, and holds the others back itself."
        );
        await fixture.RestoreAsync();
        var team = await Team.SetAsync(fixture.Platform);
        var other = await team.AskAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var leads = Enumerable.Range(0, People).Select(i => team.New($"lead{i}", "payments-leads")).ToList();
        var crowd = leads
            .SelectMany(lead => Enumerable.Repeat(lead, WaitsOfEach))
            .Select(lead => RepeatAsync(lead, $"/api/requests/{other}?wait=60"))
            .Concat(Enumerable.Range(0, Readers).Select(i => RepeatAsync(leads[i % People], "/api/requests?limit=5")))
            .ToList();
        await Eventually.Async(
            async () => (await team.As(team.Bob).GetAsync($"/api/requests/{other}?wait=1")).Code == "too-many-waits",
            "no more may wait"
        );

        var id = await team.AskAsync(team.Terms(OutageFixture.Brief));
        var approved = TimeProvider.System.GetUtcNow();
        await team.As(team.Bob).ApproveAsync(id);
        var active = await team.As(team.Alice).WaitForAsync(id, "active");
        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");

        Assert.InRange(active.TimeAt("activatedAt") - approved, TimeSpan.Zero, Longest);
        Assert.InRange(ended.TimeAt("endedAt") - active.TimeAt("expiresAt"), TimeSpan.Zero, Longest);
        await over.CancelAsync();
        await team.As(team.Alice).DoAsync(other, "withdraw"); // which they all wait for
        await Task.WhenAll(crowd);

        async Task RepeatAsync(Person who, string path)
        {
            while (!over.IsCancellationRequested)
            {
                var answer = await team.As(who).GetAsync(path);
                Assert.True(
                    answer.Status is HttpStatusCode.OK or HttpStatusCode.NotModified || answer.Code == "too-many-waits",
                    answer.ToString()
                );
            }
        }
    }
}
