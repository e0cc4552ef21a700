using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JitFunctions.Domain.Rights;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Kubernetes;

/// <summary>
/// What is said of dangerous rights, held against a real API server: every verb on every resource that it has is used
/// by somebody who has that right alone, and the answers are searched for a secret.
/// </summary>
public sealed class SecretAnswerTests(SecretAnswerTests.Lab lab) : IClassFixture<SecretAnswerTests.Lab>
{
    private static readonly string[] Revealing = ["read-secrets", "request-tokens"];

    [Fact]
    public void Every_verb_on_every_resource_of_the_API_server_is_classified()
    {
        Assert.True(lab.Rights.Count > 300, "The discovery has shrunk.");
        Assert.Empty(
            lab.Rights.Where(right => Kinds(right).Contains("unknown-rights")).Select(right => right.ToString())
        );
    }

    [Fact]
    public async Task Whoever_gets_a_secret_as_the_answer_to_any_verb_is_said_to_read_secrets_and_nobody_else()
    {
        var seen = await SeenAsync(lab.Rights);
        Assert.Equal(
            [
                "create serviceaccounts/token",
                "delete secrets",
                "deletecollection secrets",
                "get secrets",
                "list secrets",
                "patch secrets",
                "watch secrets",
            ],
            seen
        );
        Assert.Equal(seen, Said(lab.Rights));
    }

    [Fact]
    public async Task Names_stop_the_verb_that_has_no_name_to_compare_and_no_other()
    {
        var seen = await SeenAsync(lab.Named);
        Assert.Equal(
            [
                "create serviceaccounts/token",
                "delete secrets",
                "get secrets",
                "list secrets",
                "patch secrets",
                "watch secrets",
            ],
            seen
        );
        Assert.Equal(seen, Said(lab.Named));
    }

    [Theory]
    [InlineData("view", "")]
    [InlineData(
        "edit",
        "impersonate request-tokens create-token-secrets read-secrets change-secrets run-workloads enter-pods "
            + "reach-pods change-traffic"
    )]
    [InlineData(
        "admin",
        "impersonate request-tokens create-token-secrets read-secrets change-secrets run-workloads enter-pods "
            + "reach-pods change-traffic hand-on-rights"
    )]
    public async Task What_is_said_of_the_roles_for_people_that_every_cluster_has(string role, string kinds)
    {
        var rules = (await lab.Api.GetAsync($"/apis/rbac.authorization.k8s.io/v1/clusterroles/{role}"))["rules"]
            .Deserialize<List<RbacRule>>(JsonSerializerOptions.Web)!;
        var found = DangerousRights.In([new([Lab.Namespace], rules)], role).Select(danger => danger.Kind).ToList();
        // Later versions let `edit` take tokens, which 1.20 does not.
        var lacking = rules.Exists(rule => rule.Resources.Contains("serviceaccounts/token"))
            ? []
            : new[] { "request-tokens" };
        Assert.Equal(kinds.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(lacking), found);
        Assert.Contains(rules, rule => rule.Resources.Contains("pods/log"));
    }

    /// <summary>Its own parts ask for nothing that is not known here, but for all that is and will be.</summary>
    [Fact]
    public async Task In_the_roles_of_Kubernetes_itself_nothing_is_unknown()
    {
        var roles = (
            await lab.Api.GetAsync(
                "/apis/rbac.authorization.k8s.io/v1/clusterroles?labelSelector=kubernetes.io/bootstrapping"
            )
        )["items"]!.AsArray();
        var rules = roles
            .SelectMany(
                role => role!["rules"].Deserialize<List<RbacRule>>(JsonSerializerOptions.Web) ?? [],
                (role, rule) => (Role: (string)role!["metadata"]!["name"]!, Rule: rule)
            )
            .Where(one => one.Rule.NonResourceUrls is null)
            .ToList();
        Assert.True(rules.Count > 200, "The roles have shrunk.");
        var unknown = rules
            .Where(one => !one.Rule.Resources.Concat(one.Rule.ApiGroups).Any(word => word.StartsWith('*')))
            .Where(one => DangerousRights.In([new([], [one.Rule])]).Any(danger => danger.Kind == "unknown-rights"))
            .Select(one => $"{one.Role}: {RuleText.Describe(one.Rule)}");
        Assert.Equal("", string.Join('\n', unknown));
    }

    /// <summary>Which verbs on which names let somebody make a secret called <c>new</c>, by which call.</summary>
    [Theory]
    [InlineData("create", "", "post")]
    [InlineData("create", "new", "")]
    [InlineData("patch", "new", "")]
    [InlineData("patch", "", "")]
    [InlineData("update", "", "")]
    [InlineData("create update", "new", "")]
    [InlineData("create patch", "new", "apply")]
    [InlineData("create patch", "other", "")]
    [InlineData("create patch", "", "post apply")]
    public async Task By_server_side_apply_somebody_creates_secrets_of_the_names_that_they_may_create(
        string verbs,
        string name,
        string calls
    )
    {
        string[] names = name.Length == 0 ? [] : [name];
        var user = await lab.GiveAsync("secrets", verbs.Split(' '), names);
        var (all, one) = (
            $"/api/v1/namespaces/{Lab.Namespace}/secrets",
            $"/api/v1/namespaces/{Lab.Namespace}/secrets/new"
        );
        var body = OneRight.Body(
            lab.Rights.First(right => right.Resource.Name == "secrets").Resource,
            Lab.Namespace,
            "new"
        );

        List<string> worked = [];
        foreach (
            var (call, method, path, type) in new[]
            {
                ("post", HttpMethod.Post, $"{all}?dryRun=All", ClusterApi.Json),
                ("put", HttpMethod.Put, $"{one}?dryRun=All", ClusterApi.Json),
                ("apply", HttpMethod.Patch, $"{one}?dryRun=All&fieldManager=test", ClusterApi.Apply),
            }
        )
        {
            if ((await lab.Api.SendAsync(user, method, path, body, type)).Status == HttpStatusCode.Created)
                worked.Add(call);
        }

        Assert.Equal(calls, string.Join(' ', worked));
        if (calls.Length > 0)
            Assert.Contains(
                "create-token-secrets",
                DangerousRights
                    .In([new([Lab.Namespace], [new([""], ["secrets"], verbs.Split(' '), names)])])
                    .Select(danger => danger.Kind)
            );
    }

    // Some kinds can be made by replacing what is not there.
    [Fact]
    public async Task By_replacing_somebody_creates_endpoints_of_the_names_that_they_may_create()
    {
        var user = await lab.GiveAsync("endpoints", ["create", "update"], "new");
        var body = OneRight.Body(
            lab.Rights.First(right => right.Resource.Name == "endpoints").Resource,
            Lab.Namespace,
            "new"
        );
        Assert.Equal(
            HttpStatusCode.Created,
            (
                await lab.Api.SendAsync(
                    user,
                    HttpMethod.Put,
                    $"/api/v1/namespaces/{Lab.Namespace}/endpoints/new?dryRun=All",
                    body
                )
            ).Status
        );
        Assert.Contains(
            "change-traffic",
            DangerousRights
                .In([new([Lab.Namespace], [new([""], ["endpoints"], ["create"], ["new"])])])
                .Select(danger => danger.Kind)
        );
    }

    [Fact]
    public async Task Who_may_apply_one_secret_of_a_given_name_takes_the_token_of_any_service_account()
    {
        var user = await lab.GiveAsync("secrets", ["create", "patch"], "mine");
        var one = $"/api/v1/namespaces/{Lab.Namespace}/secrets/mine";
        var body = OneRight.Body(
            lab.Rights.First(right => right.Resource.Name == "secrets").Resource,
            Lab.Namespace,
            "mine"
        );
        body["type"] = "kubernetes.io/service-account-token";
        body["metadata"]!["annotations"] = new JsonObject { ["kubernetes.io/service-account.name"] = Lab.Name };
        Assert.Equal(
            HttpStatusCode.Created,
            (await lab.Api.SendAsync(user, HttpMethod.Patch, $"{one}?fieldManager=test", body, ClusterApi.Apply)).Status
        );

        var token = await Eventually.Async(
            async () =>
                (string?)
                    JsonNode
                        .Parse(
                            (
                                await lab.Api.SendAsync(
                                    user,
                                    HttpMethod.Patch,
                                    one,
                                    new JsonObject(),
                                    ClusterApi.MergePatch
                                )
                            ).Text
                        )!["data"]
                        ?["token"],
            found => found is not null,
            "the control plane has put a token into it"
        );
        // The API server knows of the secret by a watch.
        var who = await Eventually.Async(
            () => lab.WhoIsAsync(Encoding.ASCII.GetString(Convert.FromBase64String(token!))),
            found => found is not null,
            "the token is known"
        );
        Assert.Equal($"system:serviceaccount:{Lab.Namespace}:{Lab.Name}", who);

        var kinds = DangerousRights
            .In([new([Lab.Namespace], [new([""], ["secrets"], ["create", "patch"], ["mine"])])])
            .Select(danger => danger.Kind);
        Assert.Superset(new HashSet<string> { "create-token-secrets", "read-secrets" }, kinds.ToHashSet());
    }

    private async Task<IReadOnlyList<string>> SeenAsync(IEnumerable<OneRight> rights)
    {
        List<string> seen = [];
        // Most of the time they watch, for a second each.
        await Parallel.ForEachAsync(
            rights,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 32,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (right, _) =>
            {
                if (!lab.HoldsSecret(await right.AnswersAsync(lab.Api, Lab.Namespace, Lab.Name)))
                    return;
                lock (seen)
                    seen.Add(right.ToString());
            }
        );
        return [.. seen.Order(StringComparer.Ordinal)];
    }

    private static IReadOnlyList<string> Said(IEnumerable<OneRight> rights) =>
        [
            .. rights
                .Where(right => Kinds(right).Intersect(Revealing).Any())
                .Select(right => right.ToString())
                .Order(StringComparer.Ordinal),
        ];

    private static IEnumerable<string> Kinds(OneRight right) =>
        DangerousRights.In([new([], [right.Resource.Rule(right.Verb, right.Names)])]).Select(danger => danger.Kind);

    /// <summary>
    /// A cluster with one secret, and a user for each right. It is not the fixture's, which should not get a thousand
    /// roles.
    /// </summary>
    public sealed class Lab : IAsyncLifetime
    {
        public const string Namespace = "lab";
        public const string Name = "db";
        private const string Password = "correct-horse-battery-staple";

        private static readonly string Encoded = Convert.ToBase64String(Encoding.ASCII.GetBytes(Password));
        private KubernetesCluster? _cluster;

        internal ClusterApi Api { get; private set; } = null!;

        internal IReadOnlyList<OneRight> Rights { get; private set; } = [];

        internal IReadOnlyList<OneRight> Named { get; private set; } = [];

        /// <summary>The password, or a token that the API server has signed.</summary>
        public bool HoldsSecret(string answer) =>
            answer.Contains(Encoded, StringComparison.Ordinal)
            || answer.Contains(Password, StringComparison.Ordinal)
            || answer.Contains("\"eyJ", StringComparison.Ordinal);

        public async ValueTask InitializeAsync()
        {
            _cluster = await KubernetesCluster.StartAsync(TestContext.Current.CancellationToken);
            Api = new ClusterApi(_cluster);
            await Api.CreateAsync("/api/v1/namespaces", Called(Namespace));
            await Api.CreateAsync($"/api/v1/namespaces/{Namespace}/serviceaccounts", Called(Name));
            var secret = Called(Name);
            secret["data"] = new JsonObject { ["password"] = Encoded };
            await Api.CreateAsync($"/api/v1/namespaces/{Namespace}/secrets", secret);

            var discovered = await DiscoveredResource.AllAsync(Api);
            var rights =
                from resource in discovered
                from verb in resource.Verbs
                group resource by (resource.Group, resource.Name, Verb: verb);
            Rights = [.. rights.Select((same, i) => new OneRight($"right-{i}", same.Key.Verb, [.. same]))];
            Named = [.. Rights.Select(right => right with { User = $"named-{right.User}", Names = [Name] })];
            List<OneRight> all = [.. Rights, .. Named];
            await Parallel.ForEachAsync(
                all,
                new ParallelOptions { MaxDegreeOfParallelism = 8 },
                async (right, _) => await right.GiveAsync(Api, Namespace)
            );

            // The authorizer learns of roles and bindings by watches, of each kind in their order: it knows these two
            // last.
            await KnowsAsync(
                Rights.Single(right => right.ToString() == "get secrets") with
                {
                    User = "last",
                },
                $"/api/v1/namespaces/{Namespace}/secrets/{Name}"
            );
            await KnowsAsync(
                Rights.Single(right => right.ToString() == "get namespaces") with
                {
                    User = "last",
                },
                $"/api/v1/namespaces/{Namespace}"
            );
        }

        public async ValueTask DisposeAsync()
        {
            Api.Dispose();
            if (_cluster is not null)
                await _cluster.DisposeAsync();
        }

        /// <summary>
        /// Gives a user several verbs on one resource of the core group in the namespace, and waits until that is so.
        /// </summary>
        internal async Task<string> GiveAsync(string resource, string[] verbs, params string[] names)
        {
            var user = $"user-{Guid.NewGuid():N}";
            var known = Rights.First(right => right.Resource.Group.Length == 0 && right.Resource.Name == resource);
            for (var i = 0; i < verbs.Length; i++)
            {
                // One user may have many bindings.
                var right = known with
                {
                    User = $"{user}-{i}",
                    Verb = verbs[i],
                    Names = names,
                };
                await right.GiveAsync(Api, Namespace, user);
            }

            await KnowsAsync(
                Rights.Single(right => right.ToString() == "get secrets") with
                {
                    User = $"{user}-last",
                },
                $"/api/v1/namespaces/{Namespace}/secrets/{Name}"
            );
            return user;
        }

        /// <summary>Whom the API server takes the bearer of this token for.</summary>
        public async Task<string?> WhoIsAsync(string token)
        {
            var review = new JsonObject { ["spec"] = new JsonObject { ["token"] = token } };
            return (string?)
                JsonNode
                    .Parse(
                        (
                            await Api.SendAsync(
                                null,
                                HttpMethod.Post,
                                "/apis/authentication.k8s.io/v1/tokenreviews",
                                review
                            )
                        ).Text
                    )!["status"]
                    ?["user"]?["username"];
        }

        private async Task KnowsAsync(OneRight right, string path)
        {
            await right.GiveAsync(Api, Namespace);
            await Eventually.Async(
                async () => (await Api.SendAsync(right.User, HttpMethod.Get, path)).Status == HttpStatusCode.OK,
                $"{right.User} may {right}"
            );
        }

        private static JsonObject Called(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };
    }
}
