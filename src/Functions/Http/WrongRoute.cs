using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http;

/// <summary>
/// Everything else: a problem instead of an empty 404, and only for those who are signed in. The Functions host tries
/// routes in the order of their functions' names, so the name of this one has to come last; a test sees to it.
/// </summary>
public static class WrongRoute
{
    [Function(nameof(WrongRoute))]
    public static IResult Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "patch", "delete", Route = "{*path}")]
            HttpRequest http
    ) => Problems.NoSuchRoute();
}
