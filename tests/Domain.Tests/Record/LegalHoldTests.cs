using JitFunctions.Domain.Record;

namespace JitFunctions.Domain.Tests.Record;

public sealed class LegalHoldTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Names = ["https://issuer#a1", "alice@example.com"];
    private static readonly string[] Requests = ["3f9k2m7xq0ab"];

    public static TheoryData<LegalHold, bool> Holds =>
        new()
        {
            { LegalHold.None, false },
            { LegalHold.None with { Everything = true }, true },
            { LegalHold.None with { People = ["ALICE@example.com"] }, true },
            { LegalHold.None with { People = ["https://issuer#a1"] }, true },
            { LegalHold.None with { People = ["bob@example.com"] }, false },
            { LegalHold.None with { Requests = ["3f9k2m7xq0ab", "000000000000"] }, true },
            { LegalHold.None with { Requests = ["000000000000"] }, false },
        };

    [Theory]
    [MemberData(nameof(Holds))]
    public void A_person_is_held_by_name_by_request_or_with_everything(LegalHold hold, bool isHeld) =>
        Assert.Equal(isHeld, hold.WhyNotErase(Names, Requests) is not null);

    [Theory]
    [InlineData(null, false, null)]
    [InlineData(400, false, 400)]
    [InlineData(400, true, null)]
    public void Only_what_is_older_than_the_setting_may_be_deleted(int? keep, bool everything, int? days) =>
        Assert.Equal(
            days is { } some ? Now.AddDays(-some) : null,
            (LegalHold.None with { Everything = everything }).MayDeleteBefore(
                keep is { } kept ? TimeSpan.FromDays(kept) : null,
                Now
            )
        );
}
