using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using k8s.Models;

namespace JitFunctions.Functions.Tests.Clusters;

/// <summary>What the expiry that a binding carries says about who wrote it.</summary>
public sealed class GrantExpiryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly AccessRequest Active = new(
        "3f9k2m7xq0ab",
        new("issuer#alice", "alice"),
        [],
        new(
            new Scope("demo", ["payments"], false, new(RoleKind.ClusterRole, "edit")),
            TimeSpan.FromMinutes(30),
            "why",
            null
        ),
        new PolicySnapshot("p", "v", false, ["leads"], 1, TimeSpan.FromHours(4)),
        Noon,
        "f",
        RequestStatus.Active
    )
    {
        ExpiresAt = Noon.AddMinutes(30),
    };

    private static readonly AccessRequest Extended = AccessRequest.Evolve(
        Active.Id,
        Active,
        new AccessRequestEvent.Extended(Noon.AddMinutes(60), Noon.AddMinutes(20))
    )!;

    [Fact]
    public void An_expiry_that_an_extension_has_not_reached_yet_is_nobodys_tampering()
    {
        Assert.False(GrantBinding.IsExpiryForeign(Carrying("2026-03-02T12:30:00Z"), Extended));
        Assert.False(GrantBinding.Expires(Carrying("2026-03-02T12:30:00Z"), Extended.ExpiresAt!.Value));
        Assert.False(GrantBinding.IsExpiryForeign(Carrying("2026-03-02T13:00:00Z"), Extended));
    }

    [Theory]
    [InlineData("2026-03-02T14:00:00Z")]
    [InlineData("2026-03-02T12:10:00Z")]
    [InlineData("tomorrow")]
    public void Any_other_expiry_is(string written)
    {
        Assert.True(GrantBinding.IsExpiryForeign(Carrying(written), Extended));
        Assert.True(GrantBinding.IsExpiryForeign(Carrying(written), Active));
    }

    [Fact]
    public void The_later_expiry_before_the_extension_is_foreign() =>
        Assert.True(GrantBinding.IsExpiryForeign(Carrying("2026-03-02T13:00:00Z"), Active));

    private static V1ObjectMeta Carrying(string expiry) =>
        new() { Annotations = new Dictionary<string, string> { [GrantBinding.ExpiresAnnotation] = expiry } };
}
