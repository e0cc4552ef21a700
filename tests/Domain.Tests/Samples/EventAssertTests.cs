using JitFunctions.Domain.Requests;
using Xunit.Sdk;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Samples;

public sealed class EventAssertTests
{
    private static readonly ApproversNotified Told = new(["payments-leads"], Noon);

    [Fact]
    public void Events_with_equal_contents_are_equal_even_if_their_lists_are_different_objects() =>
        EventAssert.Equal(
            [Told, new Lapsed(Noon)],
            [new ApproversNotified(["payments-leads"], Noon), new Lapsed(Noon)]
        );

    [Fact]
    public void A_different_element_of_a_list_is_shown() =>
        Assert.Equal(
            """
            The events differ (- expected, + actual):
              ApproversNotified {
                "Groups": [
            -     "payments-leads"
            +     "security"
                ],
                "At": "2026-03-02T12:00:00+00:00",
                "Seal": null
            """,
            Failure([Told], [Told with { Groups = ["security"] }])
        );

    [Fact]
    public void A_different_type_order_or_number_of_events_fails()
    {
        Assert.Contains("+ ReviewOverdue {", Failure([new Lapsed(Noon)], [new ReviewOverdue(Noon)]));
        Assert.Contains("+ Lapsed {", Failure([Told, new Lapsed(Noon)], [new Lapsed(Noon), Told]));
        Assert.Contains("- Lapsed {", Failure([Told, new Lapsed(Noon)], [Told]));
        Assert.Contains("+ Lapsed {", Failure([], [new Lapsed(Noon)]));
    }

    private static string Failure(AccessRequestEvent[] expected, AccessRequestEvent[] actual) =>
        Assert.Throws<FailException>(() => EventAssert.Equal(expected, actual)).Message;
}
