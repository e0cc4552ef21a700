using System.Text;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Http;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Functions.Tests.Http;

public sealed class QueryFieldsTests
{
    private const string Id = "3f9k2m7xq0ab";
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, 123, 456, TimeSpan.Zero);

    [Theory]
    [InlineData("other=1", "'other' is not a known parameter")]
    [InlineData("Cluster=demo", "'Cluster' is not a known parameter")]
    [InlineData("cluster=a&cluster=b", "'cluster' is given twice")]
    [InlineData("cluster=a&CLUSTER=b", "'CLUSTER' is not a known parameter")]
    [InlineData("cluster=a%00", "'cluster' contains control characters")]
    [InlineData("cluster=a%0Ab", "'cluster' contains control characters")]
    [InlineData("cluster=a%C2%85", "'cluster' contains control characters")]
    [InlineData("cluster=", "'cluster' is empty")]
    [InlineData("cluster", "'cluster' is empty")]
    public void What_could_widen_or_break_a_query_is_refused(string query, string because)
    {
        var fields = Fields(query, "cluster");
        fields.Text("cluster");
        Refused(fields, because);
    }

    [Fact]
    public void An_error_is_told_once()
    {
        var fields = Fields("limit=&mine=true&mine=true", "limit", "mine");
        fields.Number("limit", 1, 1, 9);
        fields.Flag("mine");
        Assert.Equal(
            "'limit' is empty; leave it out. 'mine' is given twice.",
            ProblemAssert.Is(400, "invalid-query", fields.Problem).Detail
        );
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("200", 200)]
    [InlineData("0", null)]
    [InlineData("201", null)]
    [InlineData("-1", null)]
    [InlineData(" 5", null)]
    [InlineData("1e2", null)]
    [InlineData("99999999999999999999", null)]
    public void A_number_is_within_its_bounds(string text, int? number)
    {
        var fields = Fields($"limit={Uri.EscapeDataString(text)}", "limit");
        Assert.Equal(number ?? 50, fields.Number("limit", fallback: 50, least: 1, most: 200));
        Assert.Equal(number is null, fields.Problem is not null);
    }

    [Theory]
    [InlineData("2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z")]
    [InlineData("2026-11-23T12:00:00.1234567Z", "2026-11-23T12:00:00.1234567Z")]
    [InlineData("2026-11-23T14:30:00+02:30", "2026-11-23T12:00:00Z")]
    [InlineData("2026-11-23T12:00Z", "2026-11-23T12:00:00Z")]
    [InlineData("2026-11-23T12:00:00", "2026-11-23T12:00:00Z")]
    [InlineData("2026-11-23", "2026-11-23T00:00:00Z")]
    public void A_time_is_turned_into_utc(string text, string utc)
    {
        var fields = Fields($"since={Uri.EscapeDataString(text)}", "since");
        var time = fields.Time("since");
        Assert.Null(fields.Problem);
        Assert.Equal(
            (DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero),
            (time!.Value, time.Value.Offset)
        );
    }

    [Theory]
    [InlineData("12:00")]
    [InlineData("11/23/2026")]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    public void A_time_that_is_none_is_refused(string text)
    {
        var fields = Fields($"since={Uri.EscapeDataString(text)}", "since");
        Assert.Null(fields.Time("since"));
        Refused(fields, "'since' must be a time such as");
    }

    [Fact]
    public void Statuses_are_separated_by_commas()
    {
        Assert.Equal(
            [RequestStatus.Pending, RequestStatus.Active],
            Fields("status=pending,active", "status").Statuses("status")
        );
        foreach (var wrong in new[] { "pending,", "Pending", "0", "," })
        {
            var fields = Fields($"status={wrong}", "status");
            fields.Statuses("status");
            Refused(fields, "which is not a status");
        }
    }

    [Fact]
    public void A_cursor_comes_back_as_it_was_given()
    {
        foreach (var offset in new[] { TimeSpan.Zero, TimeSpan.FromHours(-7) })
        {
            var given = QueryFields.NextCursor(new PageMark(Noon.ToOffset(offset), Id))!;
            Assert.Equal(given, Uri.EscapeDataString(given));
            var fields = Fields($"cursor={given}", "cursor");
            Assert.Equal(new PageMark(Noon, Id), fields.Cursor("cursor", RequestId.IsValid));
            Assert.Null(fields.Problem);
        }

        Assert.Null(QueryFields.NextCursor(null));
    }

    [Theory]
    [InlineData($"2026-11-23T12:00:00.0000000+02:00 {Id}")]
    [InlineData($"2026-11-23T12:00:00.0000000 {Id}")]
    [InlineData($"2026-11-23T12:00:00Z {Id}")]
    [InlineData($"yesterday {Id}")]
    [InlineData("2026-11-23T12:00:00.0000000+00:00 ' or 1=1 --")]
    [InlineData("2026-11-23T12:00:00.0000000+00:00 \0")]
    [InlineData("2026-11-23T12:00:00.0000000+00:00 ")]
    [InlineData("2026-11-23T12:00:00.0000000+00:00")]
    public void A_cursor_that_was_made_up_is_refused(string content) =>
        RefusedCursor(Convert.ToBase64String(Encoding.UTF8.GetBytes(content)));

    [Theory]
    [InlineData("!")]
    [InlineData("A")]
    [InlineData("AAAA")]
    [InlineData("_____w")]
    public void A_cursor_that_is_no_text_is_refused(string cursor) => RefusedCursor(cursor);

    private static void RefusedCursor(string cursor)
    {
        var fields = Fields($"cursor={Uri.EscapeDataString(cursor)}", "cursor");
        Assert.Null(fields.Cursor("cursor", RequestId.IsValid));
        Refused(fields, "'cursor' must be the 'nextCursor' of an earlier response");
    }

    private static QueryFields Fields(string query, params string[] known) =>
        new(new DefaultHttpContext { Request = { QueryString = new QueryString($"?{query}") } }.Request, known);

    private static void Refused(QueryFields fields, string because) =>
        Assert.Contains(
            because,
            ProblemAssert.Is(400, "invalid-query", fields.Problem).Detail!,
            StringComparison.Ordinal
        );
}
