using JitFunctions.Functions.Http;
using JitFunctions.Functions.Platform.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace JitFunctions.Functions.Tests.Http;

public sealed class ErrorMiddlewareTests
{
    private static readonly Exception StoreIsAway = new InvalidOperationException(
        "as Marten wraps it",
        new NpgsqlException("the connection broke", new IOException())
    );

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public void Nobody_knows_whether_a_change_is_stored_when_the_store_goes_away(string method)
    {
        var detail = Detail(StoreIsAway, method, "store-unavailable");
        Assert.Contains("not known whether", detail, StringComparison.Ordinal);
        Assert.Contains("same Idempotency-Key", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public void Who_only_reads_is_told_to_read_later(string method)
    {
        var detail = Detail(StoreIsAway, method, "store-unavailable");
        Assert.Contains("cannot be read now", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("change", detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_issuer_that_is_away_is_no_fault_of_the_token() =>
        Assert.Contains(
            "nobody can sign in",
            Detail(new IssuerUnavailableException(new IOException()), "GET", "issuer-unavailable"),
            StringComparison.Ordinal
        );

    [Fact]
    public void What_nobody_foresaw_gives_nothing_away()
    {
        var problem = ProblemAssert.Is(
            500,
            "internal",
            Answer(new InvalidOperationException("Password=hunter2"), new DefaultHttpContext())
        );
        Assert.DoesNotContain("hunter2", problem.Detail!, StringComparison.Ordinal);
    }

    private static string Detail(Exception e, string method, string code)
    {
        var http = new DefaultHttpContext { Request = { Method = method } };
        var problem = ProblemAssert.Is(503, code, Answer(e, http));
        Assert.Equal("5", http.Response.Headers.RetryAfter);
        return problem.Detail!;
    }

    private static IResult Answer(Exception e, HttpContext http) =>
        new ErrorMiddleware(NullLogger<ErrorMiddleware>.Instance).Answer(e, http);
}
