using JitFunctions.Domain.Grants;

namespace JitFunctions.Domain.Tests.Grants;

public sealed class DenialProofTests
{
    [Fact]
    public void The_first_twenty_bindings_that_still_allow_the_access_are_kept()
    {
        var proof = new DenialProof(
            DenialVerdict.StillAllowed,
            "RBAC",
            [.. Enumerable.Range(0, 21).Select(i => Binding($"b-{i}"))]
        ).Shortened();
        Assert.Equal((DenialVerdict.StillAllowed, "RBAC"), (proof.Verdict, proof.Detail));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => Binding($"b-{i}")), proof.AllowedBy);
    }

    [Fact]
    public void A_proof_that_names_no_binding_stays_without() =>
        Assert.Equal(
            new(DenialVerdict.Denied, "none"),
            new DenialProof(DenialVerdict.Denied, "none", AllowedBy: null).Shortened()
        );

    private static AllowingBinding Binding(string name) =>
        new("payments", name, "ClusterRole/edit", "User/alice", null, null, null);
}
