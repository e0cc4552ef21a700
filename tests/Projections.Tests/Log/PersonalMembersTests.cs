using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Disclosures;
using JitFunctions.TransparencyLog.Leaves;

namespace JitFunctions.Projections.Tests.Log;

public sealed class PersonalMembersTests
{
    // Those that Provenance stamps on events, and the columns beside them.
    private static readonly string[] OfHeaders = ["actor-subject", "channel", "cluster", "correlationId", "userName"];

    public static TheoryData<string> Names => [.. EventNames.All.Values];

    [Fact]
    public void Each_member_of_an_event_that_has_text_is_either_personal_or_plain() =>
        Assert.Each(
            MembersWithText().Concat(OfHeaders),
            name =>
                Assert.True(
                    PersonalMembers.Personal.Contains(name) != PersonalMembers.Plain.Contains(name),
                    $"'{name}' has to be in one of the two lists of PersonalMembers"
                )
        );

    [Fact]
    public void The_lists_have_no_member_that_no_event_has() =>
        Assert.Equal(
            MembersWithText().Concat(OfHeaders).Distinct().Order(StringComparer.Ordinal),
            PersonalMembers.Personal.Concat(PersonalMembers.Plain).Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void The_log_has_nothing_of_a_person_and_with_the_disclosures_all_of_the_event(string name)
    {
        var stored = Stored(name);

        var row = LogRow.Of(stored);

        var inLog = Encoding.UTF8.GetString([.. row.Leaf, .. row.Data, .. row.Headers]);
        Assert.Each(
            ["alice", "bob", "carol", "issuer#", "restart the stuck", "sha256:01"],
            text => Assert.DoesNotContain(text, inLog, StringComparison.Ordinal)
        );
        var digests = Redaction.DigestsIn(row.Data);
        var ofData = row.Disclosures.Where(one => digests.Contains(one.Digest)).ToList();
        Assert.Equal(stored.CanonicalData(), Redaction.Restore(row.Data, ofData));
        Assert.Equal(stored.CanonicalHeaders(), Redaction.Restore(row.Headers, row.Disclosures.Except(ofData)));
        Assert.Equal(stored.At, EventLeaf.Parse(row.Leaf).At);
    }

    [Fact]
    public void Two_rows_of_one_event_have_no_digest_in_common()
    {
        var stored = Stored("access_requested");

        var digests = LogRow.Of(stored).Disclosures.Concat(LogRow.Of(stored).Disclosures).Select(one => one.Digest);

        Assert.Distinct(digests);
    }

    [Theory]
    [InlineData("""{"share":0.5}""")]
    [InlineData("""{"count":9007199254740993}""")]
    [InlineData("""{"_sd":["x"]}""")]
    public void An_event_without_a_canonical_form_is_named(string data)
    {
        var stored = Stored("access_requested") with { Data = data, Sequence = 17 };

        Assert.Contains(
            "17",
            Assert.Throws<UnloggableEventException>(() => LogRow.Of(stored)).Message,
            StringComparison.Ordinal
        );
    }

    private static StoredEvent Stored(string name) =>
        new(
            4711,
            Guid.NewGuid(),
            "3f9k2m7xq0ab",
            3,
            name,
            new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero).AddTicks(1234560),
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "EventSamples", $"{name}.json")),
            """{"channel": "api", "cluster": "demo", "actor-subject": "https://issuer#a1"}""",
            "trace-1",
            "alice@example.com"
        );

    private static IEnumerable<string> MembersWithText()
    {
        var options = new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        EventStore.ConfigureJson(options);
        var (found, seen, open) = (new SortedSet<string>(), new HashSet<Type>(), new Stack<Type>(EventNames.All.Keys));
        while (open.TryPop(out var type))
        {
            if (!seen.Add(type))
                continue;
            foreach (var member in options.GetTypeInfo(type).Properties)
            {
                var value = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
                var element = options.GetTypeInfo(value) is { Kind: JsonTypeInfoKind.Enumerable } list
                    ? list.ElementType!
                    : value;
                if (element == typeof(string))
                    found.Add(member.Name);
                else if (
                    element.Namespace!.StartsWith(nameof(JitFunctions), StringComparison.Ordinal) && !element.IsEnum
                )
                    open.Push(element);
            }
        }

        return found;
    }
}
