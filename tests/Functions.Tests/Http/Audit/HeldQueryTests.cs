using JitFunctions.Functions.Http.Audit;
using JitFunctions.Projections.Held;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Functions.Tests.Http.Audit;

public sealed class HeldQueryTests
{
    [Theory]
    [InlineData("?at=2026-03-02T12:00:00Z&since=2026-03-01", "at-with-period")]
    [InlineData("?at=2026-03-02T12:00:00Z&until=2026-03-01", "at-with-period")]
    [InlineData("?cluster=demo", "no-question")]
    [InlineData("", "no-question")]
    [InlineData("?since=2026-03-02&until=2026-03-01", "invalid-query")]
    [InlineData("?person=alice&cursor=x", "invalid-query")]
    [InlineData("?person=alice&atSize=0", "invalid-query")]
    public void A_question_that_has_no_clear_answer_is_refused(string query, string code) =>
        ProblemAssert.Is(400, code, Read(query).Problem);

    [Fact]
    public void A_cursor_goes_on_about_its_own_checkpoint()
    {
        var mark = new HeldMark(new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero), "3f9k2m7xq0ab", 5, "payments");
        var cursor = new HeldCursor(17, mark).ToString();

        var (query, _) = Read($"?person=alice&cursor={cursor}");

        Assert.Equal((17L, mark), (query!.Size, query.Question.After));
        ProblemAssert.Is(400, "invalid-query", Read($"?person=alice&atSize=18&cursor={cursor}").Problem);
    }

    private static (HeldQuery? Query, IResult? Problem) Read(string query) =>
        HeldQuery.Read(
            new DefaultHttpContext { Request = { QueryString = new QueryString(query) } }.Request,
            TimeProvider.System
        );
}
