using CsCheck;
using JitFunctions.PolicyReading;

namespace JitFunctions.Functions.Tests.Policies;

public sealed class PolicyFuzzTests
{
    private const int Times = 2000;

    [Fact]
    public void Whatever_is_done_to_a_file_it_is_refused_or_safe()
    {
        var taken = 0;
        PolicyMutations
            .Of(PolicySample.Rich)
            .Sample(
                text =>
                {
                    try
                    {
                        PolicyInvariants.Hold(PolicySample.Parse(text));
                        Assert.True(PolicySchemaCheck.Accepts(text), PolicySchemaCheck.WhyNot(text));
                        Interlocked.Increment(ref taken);
                    }
                    catch (InvalidPolicyException e)
                    {
                        Assert.NotEmpty(e.Errors);
                        Assert.Each(e.Errors, error => Assert.DoesNotContain(error, char.IsControl));
                    }
                },
                iter: Times
            );
        Assert.True(taken > Times / 50, $"Only {taken} were valid: the mutations are too wild to find anything.");
    }

    // Cutting a valid file short at any place must never crash, nor grant anything that the whole file does not.
    [Fact]
    public void No_beginning_of_a_file_grants_what_the_whole_does_not()
    {
        var whole = PolicySample.Parse(PolicySample.Rich).Policies.ToDictionary(policy => policy.Name);
        var text = PolicySample.Rich.ReplaceLineEndings("\n");
        for (var length = 0; length < text.Length; length++)
        {
            try
            {
                var set = PolicySample.Parse(text[..length]);
                PolicyInvariants.Hold(set);
                // The beginning may end before the first policy.
                Assert.All(
                    set.Policies,
                    policy =>
                        Assert.Equal(whole[policy.Name].Approval.Automatic is null, policy.Approval.Automatic is null),
                    throwIfEmpty: false
                );
            }
            catch (InvalidPolicyException) { }
        }
    }

    [Fact]
    public void Any_text_is_refused_or_safe() =>
        Gen.OneOf(Gen.String, Gen.String["abc:-[]{}'\"&*!|>%#?,\n \t"])
            .Sample(
                text =>
                {
                    try
                    {
                        PolicyInvariants.Hold(PolicySample.Parse(text));
                    }
                    catch (InvalidPolicyException) { }
                },
                iter: Times
            );
}
