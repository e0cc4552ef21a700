using JitFunctions.EndToEnd.Tests.Access;

namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>
/// Service accounts, and the Secrets beside them, that claim to be a grant's, or of which somebody laid hands on.
/// </summary>
public sealed class StrayEphemeralTests(PlatformFixture fixture)
{
    private const string Ours = "app.kubernetes.io/managed-by=jit-access";

    [Theory]
    [InlineData("secret")]
    [InlineData("serviceaccount")]
    public async Task A_service_account_of_an_unknown_request_is_removed_and_audited(string kind)
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.GrantAsync();
        var credentials = new CredentialNamespace(team.Cluster);
        var name = $"stray-{team.NamespaceOf(kind)}";
        await credentials.CreateAsync(kind, name);
        await credentials.LabelAsync(kind, name, await team.OwnLabelsAsync());

        await Eventually.Async(async () => (await credentials.HoldsAsync(name)).Count == 0, "it is gone");
        var (e, _) = Assert.Single(
            await Eventually.Async(() => team.RemovalsOfAsync(name), found => found.Count > 0, "the removal is audited")
        );
        Assert.Equal(("cluster-demo", CredentialNamespace.Name), (e.At("stream"), e.At("data.namespace")));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("serviceaccount")]
    public async Task A_service_account_of_an_ended_grant_is_removed_and_reported(string kind)
    {
        var team = await Team.SetAsync(fixture.Platform, "lent");
        var id = (await EphemeralTests.GrantAsync(team)).Id();
        await team.As(team.Alice).DoAsync(id, "relinquish");
        await team.As(team.Alice).WaitForAsync(id, "ended");
        var credentials = new CredentialNamespace(team.Cluster);
        await credentials.CreateAsync(kind, $"jit-{id}");
        await credentials.LabelAsync(kind, $"jit-{id}", Ours);

        await Eventually.Async(async () => (await credentials.HoldsAsync($"jit-{id}")).Count == 0, "it is gone");
        var drift = Assert.Single(
            await Eventually.Async(() => team.DriftAsync(id), found => found.Count > 0, "it is reported")
        );
        Assert.Equal(
            ("stray", "removed", CredentialNamespace.Name),
            (drift.At("kind"), drift.At("remedy"), drift.At("namespace"))
        );
    }

    [Fact]
    public async Task A_service_account_of_a_live_identity_grant_is_removed()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();
        var credentials = new CredentialNamespace(team.Cluster);
        await credentials.CreateAsync("serviceaccount", $"jit-{id}");
        await credentials.LabelAsync("serviceaccount", $"jit-{id}", Ours);

        await Eventually.Async(async () => (await credentials.HoldsAsync($"jit-{id}")).Count == 0, "it is gone");
        await team.Cluster.MayReadSoonAsync(team.Alice, team.Namespace);
    }

    [Fact]
    public async Task A_service_account_of_another_manager_is_left_alone()
    {
        var team = await Team.SetAsync(fixture.Platform, "lent");
        var credentials = new CredentialNamespace(team.Cluster);
        var name = team.NamespaceOf("jit");
        await credentials.CreateAsync("secret", name);
        await team.ReconcilerRunsAsync();
        Assert.Single(await credentials.HoldsAsync(name));
    }

    [Theory]
    [InlineData("secret", """{"metadata":{"labels":null}}""", "{.metadata.labels.jit-access/request}")]
    [InlineData("serviceaccount", """{"metadata":{"labels":null}}""", "{.metadata.labels.jit-access/request}")]
    [InlineData(
        "secret",
        """{"metadata":{"annotations":{"jit-access/expires-at":"2099-01-01T00:00:00Z"}}}""",
        "{.metadata.annotations.jit-access/expires-at}"
    )]
    [InlineData("serviceaccount", """{"automountServiceAccountToken":true}""", "{.automountServiceAccountToken}")]
    public async Task What_was_changed_on_a_live_grants_own_is_put_back_and_reported(
        string kind,
        string patch,
        string jsonPath
    )
    {
        var team = await Team.SetAsync(fixture.Platform, "lent");
        var id = (await EphemeralTests.GrantAsync(team)).Id();
        var credentials = new CredentialNamespace(team.Cluster);
        var before = await credentials.ReadAsync(kind, $"jit-{id}", jsonPath);
        await credentials.PatchAsync(kind, $"jit-{id}", patch);

        var drift = Assert.Single(
            await Eventually.Async(() => team.DriftAsync(id), found => found.Count > 0, "the edit is reported")
        );
        Assert.Equal(("edited", "restored"), (drift.At("kind"), drift.At("remedy")));
        Assert.Equal(before, await credentials.ReadAsync(kind, $"jit-{id}", jsonPath));
        await EphemeralTests.IssueAsync(team, id);
    }

    [Fact]
    public async Task A_binding_that_was_turned_to_another_service_account_is_turned_back()
    {
        var team = await Team.SetAsync(fixture.Platform, "lent");
        var (ns, id) = (team.NamespaceOf("lent"), (await EphemeralTests.GrantAsync(team)).Id());
        await team.Cluster.PatchBindingAsync(
            ns,
            $"jit-{id}",
            """[{"op":"replace","path":"/subjects/0/namespace","value":"default"}]"""
        );

        await Eventually.Async(
            () => team.Cluster.BindingAsync(ns, $"jit-{id}", "{.subjects[*].namespace}"),
            found => found == CredentialNamespace.Name,
            "it is turned back"
        );
        var drift = Assert.Single(
            await Eventually.Async(() => team.DriftAsync(id), found => found.Count > 0, "the edit is reported")
        );
        Assert.Contains($"ServiceAccount/default/jit-{id}", drift.At("detail"), StringComparison.Ordinal);
    }
}
