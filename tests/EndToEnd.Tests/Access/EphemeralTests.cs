using System.Net;
using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>Grants with a service account of their own.</summary>
public sealed class EphemeralTests(PlatformFixture fixture)
{
    // Long enough to be handed its token and to use it, on however busy a machine.
    private const string Brief = "45s";
    private const string Subjects = "{.subjects[*].kind}/{.subjects[*].namespace}/{.subjects[*].name}";

    [Fact]
    public async Task A_grant_is_used_by_a_token_of_its_own_and_nothing_of_it_outlives_the_grant()
    {
        var team = await SetAsync();
        var (ns, account) = (team.NamespaceOf("lent"), new CredentialNamespace(team.Cluster));
        var grant = await GrantAsync(team, Brief);
        var name = $"jit-{grant.Id()}";
        Assert.Equal(
            (CredentialNamespace.Name, name),
            (grant.At("serviceAccount.namespace"), grant.At("serviceAccount.name"))
        );
        Assert.Equal("ephemeral", grant.At("policy.enforcement"));

        var answer = await team.As(team.Alice).PostAsync($"/api/requests/{grant.Id()}/credential");
        Assert.Equal("no-store", answer.Expect(HttpStatusCode.OK).Header("Cache-Control"));
        Assert.Equal(grant.TimeAt("expiresAt"), answer.Json.TimeAt("expiresAt"));
        using var credential = TokenHolder.Of(answer.Json, fixture.Platform.Cluster);

        await credential.IsSoonAsync(TokenHolder.Allowed, ns);
        Assert.Equal(TokenHolder.Forbidden, await credential.ReadAsync("default"));
        Assert.Equal(TokenHolder.Forbidden, await credential.ReadAsync(CredentialNamespace.Name, "secrets"));
        Assert.Equal(
            TokenHolder.Forbidden,
            TokenHolder.Verdict(await credential.KubectlAsync("create", "configmap", "more", "-n", ns))
        );
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, ns));
        Assert.Equal(
            $"ServiceAccount/{CredentialNamespace.Name}/{name}",
            await team.Cluster.BindingAsync(ns, name, Subjects)
        );

        var ended = await team.As(team.Alice).WaitForAsync(grant.Id(), "ended");
        Assert.NotEqual(TokenHolder.Allowed, await credential.ReadAsync(ns));
        Assert.Equal(("expired", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
        Assert.False(await team.Cluster.HasBindingAsync(ns, name));
        Assert.Empty(await account.HoldsAsync(name));

        // The API server believes a token that it has just seen for ten seconds more, and allows it nothing.
        await credential.IsSoonAsync(TokenHolder.Unauthorized, ns);
    }

    [Fact]
    public async Task Each_token_is_in_the_audit_once_however_often_it_is_asked_for_and_is_written_nowhere()
    {
        var team = await SetAsync();
        var grant = await GrantAsync(team);
        var credential = await IssueAsync(team, grant.Id());
        var token = credential.At("token")!;
        var again = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => IssueAsync(team, grant.Id())));
        Assert.Each(again, one => Assert.Equal(token, one.At("token")));

        var events = await team.As(team.Auditor).EventsAsync(grant.Id());
        var issued = events.Where(e => e.At("type") == "credential_issued").ToList();
        // One token, one event: who asks without end fills the record of nobody's grant.
        Assert.Single(issued);
        Assert.Each(
            issued,
            e =>
                Assert.Equal(
                    (team.Alice.UserName, team.Alice.UserName, "api"),
                    (e.At("actor"), e.At("data.by.username"), e.At("channel"))
                )
        );
        Assert.Each(issued, e => Assert.Equal(credential.TimeAt("expiresAt"), e["data"]!.TimeAt("expiresAt")));
        Assert.Equal(
            grant.At("serviceAccount.name"),
            events.Single(e => e.At("type") == "activation_started").At("data.serviceAccount.name")
        );
        var trail = (await team.As(team.Auditor).GetAsync($"/api/audit/trail?request={grant.Id()}")).Expect(
            HttpStatusCode.OK
        );
        Assert.Contains(
            trail.Items,
            entry =>
                entry.At("summary")!.StartsWith($"credential handed to {team.Alice.UserName}", StringComparison.Ordinal)
        );

        // The signature is what makes it a secret, and nothing else has these characters.
        var signature = token.Split('.')[2];
        Assert.DoesNotContain(
            signature,
            (await team.As(team.Auditor).GetAsync("/api/audit/events?limit=10000")).Expect(HttpStatusCode.OK).Text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(signature, trail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            signature,
            await File.ReadAllTextAsync(fixture.Platform.Host.Log, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        Assert.False(await DurableEngine.Of(fixture.Platform).MentionsAsync(signature));
    }

    [Theory]
    [InlineData("30m")]
    [InlineData(Brief)]
    public async Task A_token_is_bound_to_the_grants_secret_and_ends_by_itself_as_soon_as_Kubernetes_allows(
        string duration
    )
    {
        var team = await SetAsync();
        var grant = await GrantAsync(team, duration);
        var credential = await IssueAsync(team, grant.Id());
        var claims = Forgery.Of(credential.At("token")!).Claims;

        // Kubernetes makes no token for less than ten minutes. What kubectl is told is never past the end of the grant.
        Assert.Equal(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds((long)claims["exp"]! - (long)claims["iat"]!));
        var ends = DateTimeOffset.FromUnixTimeSeconds((long)claims["exp"]!);
        Assert.Equal(duration == Brief ? grant.TimeAt("expiresAt") : ends, credential.TimeAt("expiresAt"));
        Assert.Equal(
            (CredentialNamespace.Name, grant.At("serviceAccount.name"), grant.At("serviceAccount.name")),
            (
                claims["kubernetes.io"]!.At("namespace"),
                claims["kubernetes.io"]!.At("serviceaccount.name"),
                claims["kubernetes.io"]!.At("secret.name")
            )
        );
    }

    [Fact]
    public async Task Each_action_names_its_grant_in_the_API_servers_audit_log()
    {
        var team = await SetAsync();
        var grant = await GrantAsync(team);
        using var credential = TokenHolder.Of(await IssueAsync(team, grant.Id()), fixture.Platform.Cluster);
        var ns = team.NamespaceOf("lent");
        await credential.IsSoonAsync(TokenHolder.Allowed, ns);

        var name = $"jit-{grant.Id()}";
        var deeds = await Eventually.Async(
            () =>
                Task.FromResult(
                    ApiServerAudit.AllowedDeeds(
                        fixture.Platform.Cluster,
                        $"system:serviceaccount:{CredentialNamespace.Name}:{name}",
                        ns
                    )
                ),
            found => found is not [],
            "the deed is written"
        );
        var deed = deeds[^1];
        Assert.Equal(("list", "configmaps"), (deed.Verb, deed.Resource));
        Assert.Contains($"\"{name}/{ns}\"", deed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kubectl_uses_the_grant_by_the_kubeconfig_that_the_plugin_prints()
    {
        var team = await SetAsync();
        var ns = team.NamespaceOf("lent");
        var id = (await team.As(Person.Alice).AskAsync(Terms(team))).Id();
        await team.As(team.Bob).ApproveAsync(id);
        await team.As(Person.Alice).WaitForAsync(id, "active");
        var printed = (await fixture.Platform.KubectlAsync("alice", "jit", "kubeconfig", id))
            .OrThrow("kubeconfig")
            .StdOut;
        Assert.DoesNotContain("token", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("credential_issued", (await team.As(Person.Alice).EventsAsync(id)).Types());
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, printed, TestContext.Current.CancellationToken);

        // In her own context alice has no rights. The new one is of the grant's namespace.
        Assert.Equal(
            TokenHolder.Forbidden,
            TokenHolder.Verdict(await fixture.Platform.KubectlAsync("alice", "get", "configmaps", "-n", ns))
        );
        await Eventually.Async(
            async () => TokenHolder.Verdict(await AliceAsync("get", "configmaps")) == TokenHolder.Allowed,
            "kubectl has the grant's rights"
        );
        Assert.Contains(
            $"system:serviceaccount:jit-access:jit-{id}",
            (await AliceAsync("create", "configmap", "x")).StdErr,
            StringComparison.Ordinal
        );
        Assert.Contains("credential_issued", (await team.As(Person.Alice).EventsAsync(id)).Types());

        await team.As(Person.Alice).DoAsync(id, "relinquish");
        var refused = await AliceAsync("get", "configmaps");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("wrong-state", refused.StdErr, StringComparison.Ordinal);
        File.Delete(file);

        Task<Command> AliceAsync(params string[] arguments) =>
            fixture.Platform.KubectlAsync("alice", ["--kubeconfig", file, .. arguments]);
    }

    [Fact]
    public async Task Forty_calls_of_kubectl_make_at_most_two_events()
    {
        var team = await SetAsync();
        var ns = team.NamespaceOf("lent");
        var id = (await team.As(Person.Alice).AskAsync(Terms(team))).Id();
        await team.As(team.Bob).ApproveAsync(id);
        await team.As(Person.Alice).WaitForAsync(id, "active");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            (await fixture.Platform.KubectlAsync("alice", "jit", "kubeconfig", id)).OrThrow("kubeconfig").StdOut,
            TestContext.Current.CancellationToken
        );
        await Eventually.Async(
            async () => TokenHolder.Verdict(await ListAsync()) == TokenHolder.Allowed,
            "kubectl has the grant's rights"
        );

        var verdicts = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForAsync(
            0,
            40,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (_, _) => verdicts.Add(TokenHolder.Verdict(await ListAsync()))
        );

        Assert.Equal(40, verdicts.Count(verdict => verdict == TokenHolder.Allowed));
        Assert.InRange(
            (await team.As(Person.Alice).EventsAsync(id)).Types().Count(type => type == "credential_issued"),
            1,
            2
        );
        File.Delete(file);

        Task<Command> ListAsync() =>
            fixture.Platform.KubectlAsync("alice", "--kubeconfig", file, "get", "configmaps", "-n", ns);
    }

    [Fact]
    public async Task Nobody_else_is_handed_the_credential()
    {
        var team = await SetAsync();
        var id = (await GrantAsync(team)).Id();
        var path = $"/api/requests/{id}/credential";

        foreach (var other in new[] { team.Bob, team.Erin, team.Administrator, team.Auditor })
            (await team.As(other).PostAsync(path)).ExpectProblem(403, "not-the-requester");
        // Somebody to whom an issuer gave a user name that was another's does not even see the request.
        (
            await team.As(new Person($"successor-{id}", team.Alice.UserName, ["payments-devs"])).PostAsync(path)
        ).ExpectProblem(404, "not-found");
        (await team.As(team.Stranger).PostAsync(path)).ExpectProblem(404, "not-found");
        (await team.WithToken(null).PostAsync(path)).Expect(HttpStatusCode.Unauthorized);

        (await team.As(team.Stranger).GetAsync($"/api/requests/{id}/cluster")).ExpectProblem(404, "not-found");
        var cluster = (await team.As(team.Bob).GetAsync($"/api/requests/{id}/cluster")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("demo", fixture.Platform.Cluster.Server), (cluster.At("name"), new Uri(cluster.At("server")!)));
        Assert.DoesNotContain("credential_issued", (await team.As(team.Alice).EventsAsync(id)).Types());
    }

    [Fact]
    public async Task There_is_no_credential_before_the_grant_nor_after_it()
    {
        var team = await SetAsync();
        var id = await team.AskAsync(Terms(team));
        (await team.As(team.Alice).PostAsync($"/api/requests/{id}/credential")).ExpectProblem(409, "wrong-state");

        await team.As(team.Bob).ApproveAsync(id);
        await team.As(team.Alice).WaitForAsync(id, "active");
        await IssueAsync(team, id);
        await team.As(team.Bob).DoAsync(id, "revoke");
        var refused = (await team.As(team.Alice).PostAsync($"/api/requests/{id}/credential")).ExpectProblem(
            409,
            "wrong-state"
        );
        Assert.NotEqual("active", refused.Json.At("currentStatus"));

        await team.As(team.Alice).WaitForAsync(id, "ended");
        (await team.As(team.Alice).PostAsync($"/api/requests/{id}/credential")).ExpectProblem(409, "wrong-state");
        Assert.Single((await team.As(team.Alice).EventsAsync(id)).Types(), "credential_issued");
    }

    [Fact]
    public async Task A_grant_of_the_requesters_own_identity_has_no_credential()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var grant = await team.GrantAsync();
        Assert.Equal(("identity", null), (grant.At("policy.enforcement"), grant.At("serviceAccount")));
        (await team.As(team.Alice).PostAsync($"/api/requests/{grant.Id()}/credential")).ExpectProblem(
            409,
            "no-credential"
        );
    }

    [Fact]
    public async Task A_body_that_asks_for_more_is_refused()
    {
        var team = await SetAsync();
        var id = (await GrantAsync(team)).Id();
        (
            await team.As(team.Alice).PostAsync($"/api/requests/{id}/credential", new { expirationSeconds = 86400 })
        ).ExpectProblem(400, "invalid-request");
    }

    [Fact]
    public async Task Tokens_without_end_that_a_cluster_makes_for_service_accounts_end_with_the_grant_too()
    {
        var team = await SetAsync();
        var (ns, credentials) = (team.NamespaceOf("lent"), new CredentialNamespace(team.Cluster));
        var id = (await GrantAsync(team)).Id();
        await credentials.MakeLastingTokenAsync($"jit-{id}");
        var tokens = await Eventually.Async(
            () => credentials.LastingTokensAsync($"jit-{id}"),
            found => found.Count > 0,
            "there are lasting tokens"
        );
        var lasting = tokens.Select(token => new TokenHolder(fixture.Platform.Cluster, token)).ToList();
        foreach (var one in lasting)
            await one.IsSoonAsync(TokenHolder.Allowed, ns);

        await team.As(team.Alice).DoAsync(id, "relinquish");
        await team.As(team.Alice).WaitForAsync(id, "ended");

        foreach (var one in lasting)
        {
            await Eventually.Async(
                async () => await one.ReadAsync(ns) != TokenHolder.Allowed,
                "a lasting token is allowed nothing"
            );
            await one.IsSoonAsync(TokenHolder.Unauthorized, ns);
            one.Dispose();
        }

        await Eventually.Async(
            () => credentials.LastingTokensAsync($"jit-{id}"),
            found => found.Count == 0,
            "the lasting tokens are gone"
        );
    }

    [Fact]
    public async Task Where_one_namespace_is_gone_by_the_approval_no_service_account_is_left_behind()
    {
        var team = await SetAsync();
        var gone = $"{team.NamespaceOf("lent")}-gone";
        await team.Cluster.CreateNamespaceAsync(gone);
        var id = await team.AskAsync(Terms(team, namespaces: [team.NamespaceOf("lent"), gone]));
        await team.Cluster.AdminAsync("delete", "namespace", gone);
        await team.As(team.Bob).ApproveAsync(id);

        Assert.Contains(
            gone,
            (await team.As(team.Alice).WaitForAsync(id, "failed")).At("ending.comment"),
            StringComparison.Ordinal
        );
        Assert.Empty(await new CredentialNamespace(team.Cluster).HoldsAsync($"jit-{id}"));
        Assert.False(await team.Cluster.HasBindingAsync(team.NamespaceOf("lent"), $"jit-{id}"));
    }

    [Fact]
    public async Task Nobody_gets_rights_where_the_credentials_are()
    {
        var team = await SetAsync();
        var refused = (
            await team.As(team.Alice)
                .PostAsync(
                    "/api/requests",
                    Terms(team, role: "ClusterRole/edit", namespaces: [CredentialNamespace.Name])
                )
        ).ExpectProblem(403, "not-covered");
        Assert.Contains("Nobody gets rights", refused.Json.At("detail"), StringComparison.Ordinal);
        (
            await team.As(team.Alice)
                .PostAsync(
                    "/api/requests",
                    Terms(team, namespaces: [team.NamespaceOf("lent"), CredentialNamespace.Name])
                )
        ).ExpectProblem(403, "not-covered");

        var who = await team.As(team.Auditor)
            .PostAsync(
                "/api/policies/who-can",
                new
                {
                    cluster = "demo",
                    @namespace = CredentialNamespace.Name,
                    verb = "get",
                    resource = "secrets",
                }
            );
        Assert.DoesNotContain(who.Expect(HttpStatusCode.OK).Items, item => item.At("policy") == "lent");
    }

    [Fact]
    public async Task An_extension_reaches_the_service_account_and_the_next_credential()
    {
        var team = await SetAsync();
        var grant = await GrantAsync(team, "1m");
        Assert.Equal(grant.TimeAt("expiresAt"), (await IssueAsync(team, grant.Id())).TimeAt("expiresAt"));
        var extended = await team.As(team.Alice)
            .DoAsync(grant.Id(), "extend", new { duration = "20m", reason = "not done yet" });

        // The token of before lasts ten minutes, longer than the grant did.
        Assert.InRange(
            (await IssueAsync(team, grant.Id())).TimeAt("expiresAt"),
            grant.TimeAt("expiresAt").AddMinutes(1),
            extended.TimeAt("expiresAt")
        );
        var written = extended
            .TimeAt("expiresAt")
            .UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var kind in new[] { "secret", "serviceaccount" })
        {
            await Eventually.Async(
                () =>
                    new CredentialNamespace(team.Cluster).ReadAsync(
                        kind,
                        $"jit-{grant.Id()}",
                        "{.metadata.annotations.jit-access/expires-at}"
                    ),
                found => found == written,
                $"the {kind} carries the new expiry"
            );
        }
    }

    [Fact]
    public async Task The_token_ends_even_when_the_binding_cannot_be_deleted()
    {
        var team = await SetAsync();
        var (ns, id) = (team.NamespaceOf("lent"), (await GrantAsync(team)).Id());
        using var credential = TokenHolder.Of(await IssueAsync(team, id), fixture.Platform.Cluster);
        await credential.IsSoonAsync(TokenHolder.Allowed, ns);

        await using (await FailingWebhook.InstallAsync(team.Cluster, ns, "DELETE"))
        {
            await team.As(team.Alice).DoAsync(id, "relinquish");
            await team.As(team.Alice)
                .WaitForAsync(id, request => request.At("trouble.what") == "revocation-delayed", "revocation is tried");
            Assert.True(await team.Cluster.HasBindingAsync(ns, $"jit-{id}"));
            Assert.Empty(await new CredentialNamespace(team.Cluster).HoldsAsync($"jit-{id}"));
            await credential.IsSoonAsync(TokenHolder.Unauthorized, ns);
        }

        await team.As(team.Alice).WaitForAsync(id, "ended");
        Assert.False(await team.Cluster.HasBindingAsync(ns, $"jit-{id}"));
    }

    [Fact]
    public async Task What_may_be_asked_for_says_how_it_is_given()
    {
        var team = await SetAsync();
        var offers = (await team.As(team.Alice).GetAsync("/api/policies")).Expect(HttpStatusCode.OK).Items;
        Assert.Equal("ephemeral", offers.Single(offer => offer.At("policy") == "lent").At("enforcement"));
        Assert.Equal("identity", offers.Single(offer => offer.At("policy") == "reviewed").At("enforcement"));
        var simulated = (await team.As(team.Alice).PostAsync("/api/policies/simulate", Terms(team))).Expect(
            HttpStatusCode.OK
        );
        Assert.Equal("ephemeral", simulated.Json.At("enforcement"));
    }

    [Fact]
    public async Task Somebody_elses_binding_for_the_service_account_is_named_by_the_proof_and_holds_nothing_up()
    {
        var team = await SetAsync();
        var (ns, id) = (team.NamespaceOf("lent"), (await GrantAsync(team)).Id());
        await team.Cluster.AdminAsync(
            "create",
            "rolebinding",
            "by-hand",
            "--clusterrole=view",
            $"--serviceaccount={CredentialNamespace.Name}:jit-{id}",
            "-n",
            ns
        );

        await team.As(team.Alice).DoAsync(id, "relinquish");
        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");

        Assert.Equal("stillAllowed", ended.At("denialProof.verdict"));
        Assert.Contains("by-hand", ended.At("denialProof.detail"), StringComparison.Ordinal);
        Assert.Empty(await new CredentialNamespace(team.Cluster).HoldsAsync($"jit-{id}"));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("serviceaccount")]
    public async Task A_deleted_half_is_reported_and_not_made_again_and_the_grant_still_ends(string kind)
    {
        var team = await SetAsync();
        var (ns, id) = (team.NamespaceOf("lent"), (await GrantAsync(team)).Id());
        using var credential = TokenHolder.Of(await IssueAsync(team, id), fixture.Platform.Cluster);
        await credential.IsSoonAsync(TokenHolder.Allowed, ns);
        await new CredentialNamespace(team.Cluster).DeleteAsync(kind, $"jit-{id}");

        await credential.IsSoonAsync(TokenHolder.Unauthorized, ns);
        (await team.As(team.Alice).PostAsync($"/api/requests/{id}/credential")).ExpectProblem(409, "credential-gone");
        var drift = Assert.Single(
            await Eventually.Async(() => team.DriftAsync(id), found => found.Count > 0, "the loss is reported")
        );
        Assert.Equal(
            ("missing", "reported", CredentialNamespace.Name),
            (drift.At("kind"), drift.At("remedy"), drift.At("namespace"))
        );
        await team.ReconcilerRunsAsync();
        Assert.Single(await team.DriftAsync(id));
        Assert.Empty(await new CredentialNamespace(team.Cluster).HoldsAsync($"jit-{id}", kind));

        await team.As(team.Alice).DoAsync(id, "relinquish");
        Assert.Equal("denied", (await team.As(team.Alice).WaitForAsync(id, "ended")).At("denialProof.verdict"));
        Assert.Empty(await new CredentialNamespace(team.Cluster).HoldsAsync($"jit-{id}"));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("serviceaccount")]
    public async Task What_clings_by_a_finalizer_goes_all_the_same(string kind)
    {
        var team = await SetAsync();
        var id = (await GrantAsync(team)).Id();
        var credentials = new CredentialNamespace(team.Cluster);
        await credentials.PatchAsync(kind, $"jit-{id}", """{"metadata":{"finalizers":["example.com/forever"]}}""");

        await team.As(team.Bob).DoAsync(id, "revoke");
        await team.As(team.Alice).WaitForAsync(id, "ended");
        Assert.Empty(await credentials.HoldsAsync($"jit-{id}"));
    }

    internal static JsonObject Terms(
        Team team,
        string duration = "10m",
        string role = "ClusterRole/view",
        params string[] namespaces
    ) => team.Terms(duration, role, namespaces is [] ? [team.NamespaceOf("lent")] : namespaces);

    internal static Task<JsonObject> GrantAsync(Team team, string duration = "10m") =>
        team.GrantAsync(Terms(team, duration));

    internal static async Task<JsonObject> IssueAsync(Team team, string id) =>
        (await team.As(team.Alice).PostAsync($"/api/requests/{id}/credential")).Expect(HttpStatusCode.OK).Json;

    private Task<Team> SetAsync() => Team.SetAsync(fixture.Platform, "lent");
}
