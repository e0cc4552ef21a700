using CsCheck;
using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Tests.Policies;

/// <summary>Compares thousands of quorums with a search of every way to fill them.</summary>
public sealed class QuorumPropertyTests
{
    private static readonly string[] Groups = ["leads", "security", "ops"];

    private static readonly Gen<IReadOnlyList<string>> SomeGroups = Gen.Shuffle(Groups, 0, 3)
        .Select(IReadOnlyList<string> (some) => some);

    private static readonly Gen<ApprovalRequirement[]> SomeRequirements = Gen.Select(
        Gen.Shuffle(Groups, 1, 3),
        Gen.Int[1, 3],
        (groups, count) => new ApprovalRequirement(groups, count)
    ).Array[0, 3];

    [Fact]
    public void Nothing_is_lacking_exactly_when_every_place_can_be_given_to_somebody_of_its_own() =>
        Gen.Select(SomeRequirements, SomeGroups.Array[0, 6])
            .Sample(
                (requirements, people) =>
                    Assert.Equal(
                        Fill([.. Places(requirements)], people, 0) == Places(requirements).Count(),
                        Quorum.Lacking(requirements, people) is []
                    ),
                iter: 3_000
            );

    [Fact]
    public void What_is_lacking_is_as_little_as_can_be() =>
        Gen.Select(SomeRequirements, SomeGroups.Array[0, 6])
            .Sample(
                (requirements, people) =>
                    Assert.Equal(
                        Places(requirements).Count() - Fill([.. Places(requirements)], people, 0),
                        Quorum.Lacking(requirements, people).Sum(requirement => requirement.Count)
                    ),
                iter: 3_000
            );

    [Fact]
    public void The_order_of_people_and_requirements_does_not_matter() =>
        Gen.Select(SomeRequirements, SomeGroups.Array[0, 6])
            .Sample(
                (requirements, people) =>
                    Assert.Equal(
                        Quorum.Lacking(requirements, people) is [],
                        Quorum.Lacking([.. requirements.Reverse()], [.. people.Reverse()]) is []
                    )
            );

    [Fact]
    public void Another_person_never_makes_it_less() =>
        Gen.Select(SomeRequirements, SomeGroups.Array[0, 6], SomeGroups)
            .Sample(
                (requirements, people, another) =>
                    Assert.True(
                        Quorum.Lacking(requirements, people) is not []
                            || Quorum.Lacking(requirements, [.. people, another]) is []
                    )
            );

    private static IEnumerable<ApprovalRequirement> Places(IEnumerable<ApprovalRequirement> requirements) =>
        requirements.SelectMany(requirement => Enumerable.Repeat(requirement, requirement.Count));

    // Every way to give the places to people, one after the other; a place may stay empty.
    private static int Fill(
        IReadOnlyList<ApprovalRequirement> places,
        IReadOnlyList<IReadOnlyList<string>> people,
        int taken
    ) =>
        places is []
            ? 0
            : Enumerable
                .Range(0, people.Count)
                .Where(person => (taken & (1 << person)) == 0 && places[0].Groups.Intersect(people[person]).Any())
                .Select(person => 1 + Fill([.. places.Skip(1)], people, taken | (1 << person)))
                .Append(Fill([.. places.Skip(1)], people, taken))
                .Max();
}
