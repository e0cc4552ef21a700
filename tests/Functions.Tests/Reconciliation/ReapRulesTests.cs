using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Reconciliation;
using k8s.Models;

namespace JitFunctions.Functions.Tests.Reconciliation;

public sealed class ReapRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("2026-05-04T08:57:59Z", true)]
    [InlineData("2026-05-04T08:58:00Z", true)]
    [InlineData("2026-05-04T08:58:01Z", false)]
    [InlineData("2026-05-04T09:00:00Z", false)]
    [InlineData("2026-05-11T09:00:00Z", false)]
    [InlineData("2026-05-04T10:57:59+02:00", true)]
    public void An_object_is_over_some_time_after_its_expiry(string expiresAt, bool over) =>
        Assert.Equal(over, IsOver(expiresAt, Now.AddHours(-1)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("never")]
    [InlineData("99999-01-01T00:00:00Z")]
    public void An_object_without_a_valid_expiry_is_over(string? expiresAt) => Assert.True(IsOver(expiresAt, Now));

    [Fact]
    public void Whoever_writes_an_end_far_away_gains_no_more_than_the_longest_grant()
    {
        Assert.False(IsOver("9999-01-01T00:00:00Z", Now - ReapRules.LongestLife + TimeSpan.FromSeconds(1)));
        Assert.True(IsOver("9999-01-01T00:00:00Z", Now - ReapRules.LongestLife));
        Assert.True(IsOver("9999-12-31T23:59:59Z", Now - ReapRules.LongestLife));
    }

    [Theory]
    [InlineData("--grace")]
    [InlineData("--grace", "1:00")]
    [InlineData("--grace", "02:00:00")]
    [InlineData("--credential-namespace", "Kube System")]
    [InlineData("--now", "x")]
    public void Arguments_that_mean_nothing_are_refused(params string[] arguments) =>
        Assert.Null(ReapCommand.Read(arguments));

    [Fact]
    public void Arguments_are_read()
    {
        Assert.Equal((TimeSpan.FromMinutes(2), "jit-access"), ReapCommand.Read([]));
        Assert.Equal(
            (TimeSpan.Zero, "lent"),
            ReapCommand.Read(["--grace", "00:00:00", "--credential-namespace", "lent"])
        );
    }

    private static bool IsOver(string? expiresAt, DateTimeOffset made) =>
        ReapRules.WhyOver(
            new V1ObjectMeta
            {
                CreationTimestamp = made.UtcDateTime,
                Annotations = expiresAt is null
                    ? null
                    : new Dictionary<string, string> { [GrantMetadata.ExpiresAnnotation] = expiresAt },
            },
            Now,
            Grace
        )
            is not null;
}
