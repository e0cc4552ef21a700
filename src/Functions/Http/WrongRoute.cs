using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http;

/// <summary>
/// All other routes: signed-in callers get a problem instead of an empty 404. The Functions host tries routes in the
/// order of the names of their functions, so the name of this one has to come last; a test checks that.
/// </summary>
public static class WrongRoute
{
    [Function(nameof(WrongRoute))]
    public static IResult Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "patch", "delete", Route = "{*path}")]
            HttpRequest http
    ) => Problems.NoSuchRoute();
}
