using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http;

/// <summary>Everything else: a problem instead of an empty 404, and only for those who are signed in.</summary>
public static class NoSuchRoute
{
    [Function(nameof(NoSuchRoute))]
    public static IResult Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "patch", "delete", Route = "{*path}")] HttpRequest http) =>
        Problems.NoSuchRoute();
}
