using CsCheck;
using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Samples;

namespace JitFunctions.Domain.Tests.Audit.Simulation;

/// <summary>
/// Random actions in random clusters: overlapping grants of the same people, standing bindings, impersonation, clocks
/// that differ, reused audit ids. What the model knows, because it chose the binding, is compared with what the rule
/// says, which knows the audit event and the grants only.
/// </summary>
public sealed class AttributionSimulationTests
{
    private const int Worlds = 100;
    private const int ActionsPerWorld = 100;

    private static readonly string[] People = ["alice@example.com", "o\"hara", @"back\slash", "dev/ops", "álice"];
    private static readonly string[] Namespaces = ["payments", "orders", "shop"];
    private static readonly string[] Verbs = ["get", "list", "delete"];
    private static readonly string[] Resources = ["pods", "secrets"];

    [Fact]
    public void None_of_ten_thousand_actions_is_attributed_wrongly_and_all_ambiguous_ones_are_marked()
    {
        var seen = new Dictionary<string, int>();
        Gen.Int[0, int.MaxValue - 1]
            .Sample(
                seed => new World(new Random(seed)).Check(kind => seen[kind] = seen.GetValueOrDefault(kind) + 1),
                iter: Worlds,
                threads: 1
            );

        Assert.True(seen["actions"] >= Worlds * ActionsPerWorld);
        Assert.Each(
            [
                "ephemeral",
                "exact",
                "ambiguous",
                "not needed",
                "attempt",
                "impersonation",
                "no reason",
                "untold impersonation",
                "unrelated",
            ],
            kind => Assert.True(seen.GetValueOrDefault(kind) >= 100, $"{kind}: {seen.GetValueOrDefault(kind)}")
        );
    }

    private sealed class World
    {
        private readonly Random _random;
        private readonly List<ModelBinding> _bindings = [];
        private readonly List<SubjectGrant> _grants = [];
        private readonly List<string> _accounts = [];

        public World(Random random)
        {
            _random = random;
            for (var i = 0; i < 16; i++)
                AddGrant($"{i:x}{new string('a', 11)}");
            for (var i = 0; i < 5; i++)
            {
                _bindings.Add(
                    new(null, $"team-{i}", AnyPlace(), Any(People), AnyRights(), double.MinValue, double.MaxValue)
                );
            }
        }

        public void Check(Action<string> count)
        {
            var cluster = new ModelCluster(_bindings, _random);
            List<(ReceivedEvent Event, int Call)> events = [];
            for (var i = 0; i < ActionsPerWorld; i++)
            {
                var call = AnyCall();
                var answer = cluster.Authorize(call);
                // Some choose their audit ids.
                var id = _random.Next(4) == 0 ? $"chosen-{_random.Next(3)}" : $"{_random.NextInt64():x}";
                var tells = _random.Next(2) == 0; // GKE may not tell impersonation
                var received = Assert.IsType<ReceivedEvent>(
                    AuditEventList.ReadOne(
                        AuditSamples.Utf8(ModelCluster.Event(call, answer, id, tells, _random.NextDouble() * 2 - 1))
                    )
                );
                count("actions");
                Compare(call, answer, received.Event, ActionAttribution.Of(received.Event, _grants), count);
                events.Add((received, i));
                if (_random.Next(10) == 0)
                    events.Add((received, i)); // the webhook repeats it
            }

            CompareReuse(events);
        }

        private void Compare(
            ModelCall call,
            ModelAnswer answer,
            AuditEvent action,
            Attribution found,
            Action<string> count
        )
        {
            var held = _bindings.Where(binding => binding.Grant is not null && binding.User == call.User).ToList();
            var live = held.Where(binding => binding.From <= call.At && call.At < binding.Until).ToList();
            switch (found)
            {
                case Attribution.Exact exact when _accounts.Contains(call.User):
                    count("ephemeral");
                    Assert.True(answer.IsAllowed);
                    Assert.Equal(held[0].Grant, exact.Grant);
                    break;
                case Attribution.Exact exact:
                    count("exact");
                    Assert.Null(call.Impersonates);
                    Assert.Equal(answer.Chosen!.Grant, exact.Grant);
                    Assert.False(exact.IsAfterEnd);
                    var others = Ids(live.Where(binding => binding.Allows(call, call.User, call.At)), exact.Grant);
                    if (others.Count > 0)
                        count("ambiguous");
                    AssertMarked(others, exact.AlsoCoveredBy, action);
                    break;
                case Attribution.NotNeeded standing:
                    count("not needed");
                    Assert.Null(call.Impersonates);
                    Assert.True(answer.IsAllowed);
                    Assert.NotNull(answer.Chosen);
                    Assert.Null(answer.Chosen.Grant);
                    AssertMarked(Ids(live), standing.Grants, action);
                    AssertMarked(
                        Ids(live.Where(binding => binding.Allows(call, call.User, call.At))),
                        standing.AlsoCoveredBy,
                        action
                    );
                    break;
                case Attribution.Attempt attempt:
                    count("attempt");
                    Assert.False(answer.IsAllowed);
                    Assert.Equal(!_accounts.Contains(call.User), attempt.IsByTime);
                    if (attempt.IsByTime)
                        AssertMarked(Ids(live), attempt.Grants, action);
                    else
                        Assert.Equal([held[0].Grant!], attempt.Grants);
                    break;
                case Attribution.AllowedOtherwise other:
                    Assert.True(answer.IsAllowed);
                    var isTold = action.ImpersonatedUser is not null;
                    count(
                        isTold ? "impersonation"
                        : call.Impersonates is null ? "no reason"
                        : "untold impersonation"
                    );
                    Assert.True(call.Impersonates is not null || call.User == ModelCluster.Root);
                    Assert.Equal(
                        isTold ? OtherwiseCause.Impersonation
                            : answer.Chosen is null ? OtherwiseCause.NoReason
                            : OtherwiseCause.OtherSubject,
                        other.Cause
                    );
                    Assert.Equal(answer.Chosen?.Grant, other.NamedGrant);
                    AssertMarked(Ids(live), other.Grants, action);
                    break;
                default:
                    count("unrelated");
                    Assert.IsType<Attribution.Unrelated>(found);
                    Assert.Empty(live);
                    Assert.DoesNotContain(call.User, _accounts);
                    // Neither a grant of the caller nor, by impersonation, that of another was used.
                    Assert.Null(answer.Chosen?.Grant);
                    break;
            }
        }

        /// <summary>All that really were, and others only where their begin or end is too near to tell.</summary>
        private void AssertMarked(IReadOnlyList<string> really, IReadOnlyList<string> marked, AuditEvent action)
        {
            Assert.Empty(really.Except(marked));
            Assert.All(
                marked.Except(really),
                id =>
                {
                    var grant = _grants.Single(one => one.RequestId == id);
                    Assert.Contains(
                        new[] { grant.From, grant.Until!.Value },
                        edge => (action.ReceivedAt - edge).Duration() <= TimeSpan.FromSeconds(6)
                    );
                },
                throwIfEmpty: false
            );
        }

        private static void CompareReuse(List<(ReceivedEvent Event, int Call)> events)
        {
            var expected = events
                .GroupBy(one => one.Event.Event.AuditId)
                .Where(same => same.Select(one => one.Call).Distinct().Count() > 1)
                .Select(same => same.Key);
            Assert.Equal(
                expected.Order(StringComparer.Ordinal),
                AuditIdReuse
                    .Find(events.Select(one => IdentifiedEvent.Of(one.Event)))
                    .Select(reused => reused.AuditId)
                    .Order(StringComparer.Ordinal)
            );
        }

        private void AddGrant(string id)
        {
            var isEphemeral = _random.Next(4) == 0;
            var user = isEphemeral
                ? $"system:serviceaccount:jit-access:jit-{id}"
                : Any([.. People[..3], ModelCluster.Root]);
            var place = AnyPlace();
            var rights = AnyRights();
            var from = _random.Next(0, 300);
            var until = from + _random.Next(60, 600);
            if (isEphemeral)
                _accounts.Add(user);
            _bindings.Add(new(id, $"jit-{id}", place, user, rights, from + 1, until - 1));
            _grants.Add(
                new(
                    id,
                    new Scope(
                        "demo",
                        place is null ? [] : [place],
                        place is null,
                        new RoleRef(RoleKind.ClusterRole, "some")
                    ),
                    user,
                    isEphemeral,
                    [
                        new(
                            place is null ? [] : [place],
                            [.. rights.Select(right => new RbacRule([""], [right.Resource], [right.Verb]))]
                        ),
                    ],
                    ModelCluster.At(from),
                    ModelCluster.At(until)
                )
            );
        }

        private ModelCall AnyCall()
        {
            string[] callers = [.. People, .. _accounts, ModelCluster.Root];
            var caller = Any(callers);
            var other = _random.Next(4) == 0 && !_accounts.Contains(caller) ? Any([.. callers.Except([caller])]) : null;
            return new(caller, other, Any(Verbs), Any(Resources), Any(Namespaces), _random.NextDouble() * 900);
        }

        private string? AnyPlace() => _random.Next(4) == 0 ? null : Any(Namespaces);

        private HashSet<(string Verb, string Resource)> AnyRights() =>
            [
                .. Verbs
                    .SelectMany(verb => Resources.Select(resource => (verb, resource)))
                    .Where(_ => _random.Next(3) > 0),
            ];

        private string Any(string[] choices) => choices[_random.Next(choices.Length)];

        private static IReadOnlyList<string> Ids(IEnumerable<ModelBinding> bindings, string? except = null) =>
            [.. bindings.Select(binding => binding.Grant!).Where(id => id != except)];
    }
}
