using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class QuorumTests
{
    [Fact]
    public void One_person_in_both_groups_fills_one_place()
    {
        ApprovalRequirement[] both = [new(["leads"], 1), new(["security"], 1)];
        Assert.Single(
            Quorum.Lacking(
                both,
                [
                    ["leads", "security"],
                ]
            )
        );
        Assert.Empty(
            Quorum.Lacking(
                both,
                [
                    ["leads", "security"],
                    ["leads"],
                ]
            )
        );
        Assert.Empty(
            Quorum.Lacking(
                both,
                [
                    ["leads", "security"],
                    ["security"],
                ]
            )
        );
        Assert.Equal(
            "1 of security",
            Assert
                .Single(
                    Quorum.Lacking(
                        both,
                        [
                            ["leads"],
                            ["leads"],
                        ]
                    )
                )
                .ToString()
        );
    }

    [Fact]
    public void An_approval_moves_to_another_requirement_when_another_approver_fits_only_there()
    {
        ApprovalRequirement[] three = [new(["leads"], 1), new(["security"], 1), new(["ops"], 1)];
        Assert.Empty(
            Quorum.Lacking(
                three,
                [
                    ["leads", "security"],
                    ["security", "ops"],
                    ["leads"],
                ]
            )
        );
        Assert.Empty(
            Quorum.Lacking(
                three,
                [
                    ["leads", "security"],
                    ["leads", "ops"],
                    ["leads"],
                ]
            )
        );
        Assert.Single(
            Quorum.Lacking(
                three,
                [
                    ["leads", "security"],
                    ["leads", "security"],
                    ["leads"],
                ]
            )
        );
    }

    [Fact]
    public void A_person_who_moves_to_another_requirement_leaves_the_first_one()
    {
        ApprovalRequirement[] three = [new(["leads"], 1), new(["security"], 1), new(["ops"], 1)];
        var lacking = Quorum.Lacking(
            three,
            [
                ["leads", "security", "ops"],
                ["leads"],
                ["leads"],
            ]
        );
        Assert.Equal("1 of ops", Assert.Single(lacking).ToString());
    }

    [Fact]
    public void A_requirement_that_nobody_can_meet_stays_open_whoever_approves() =>
        Assert.Single(
            Quorum.Lacking(
                [new([], 1)],
                [
                    ["leads"],
                    ["security"],
                    ["ops"],
                ]
            )
        );

    [Fact]
    public void Who_is_in_no_group_counts_for_nothing() =>
        Assert.Equal(
            2,
            Assert
                .Single(
                    Quorum.Lacking(
                        [new(["leads"], 2)],
                        [
                            [],
                            [],
                            ["ops"],
                        ]
                    )
                )
                .Count
        );
}
