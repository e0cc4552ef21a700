using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace JitFunctions.Functions.Tests.Http;

internal static class ProblemAssert
{
    public static ProblemDetails Is(int status, string code, IResult? result)
    {
        var problem = Assert.IsType<ProblemHttpResult>(result).ProblemDetails;
        Assert.Equal((status, code), (problem.Status, problem.Extensions["code"]));
        return problem;
    }
}
