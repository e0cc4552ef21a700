using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Samples;
using JitFunctions.Domain.Text;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Text;

/// <summary>
/// Some details end with a full stop, and some do not; what is made of them has one after each sentence.
/// </summary>
public sealed class WordingTests
{
    [Theory]
    [InlineData("demo did not answer in time.", "demo did not answer in time", "demo did not answer in time.")]
    [InlineData("demo answered 403: no", "demo answered 403: no", "demo answered 403: no.")]
    [InlineData("Is it there?", "Is it there?", "Is it there?")]
    public void A_sentence_ends_once(string text, string clause, string sentence) =>
        Assert.Equal((clause, sentence), (text.AsClause(), text.AsSentence()));

    [Theory]
    [InlineData("demo did not answer in time.")]
    [InlineData("demo answered 503: try later")]
    public void No_refusal_has_two_full_stops_or_none(string trouble)
    {
        var facts = new ClusterFacts(null, null, trouble);
        var set = PolicySamples.Set(PolicySamples.Payments);
        string[] details =
        [
            Rejection.Indeterminate(trouble).Detail,
            Rejection.ClusterUnavailable(trouble).Detail,
            Rejection.UnknownRole(trouble).Detail,
            set.Evaluate(Alice, PolicySamples.Draft, facts, Noon).Refusal!.Detail,
            set.WhyNotEligible(Alice, PolicySamples.Payments.Name, PolicySamples.Draft.Scope, facts)!.Message,
        ];
        Assert.Each(
            details,
            detail =>
            {
                Assert.DoesNotContain("..", detail, StringComparison.Ordinal);
                Assert.Matches(@"^\S.*\.$", detail);
                Assert.DoesNotMatch("[^.] (Try again|Check)", detail);
            }
        );
    }
}
