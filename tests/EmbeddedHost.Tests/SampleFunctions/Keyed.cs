using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.EmbeddedHost.Tests.SampleFunctions;

public static class Keyed
{
    [Function(nameof(NeedsKey))]
    public static IResult NeedsKey(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "keyed")] HttpRequest request
    ) => Results.Ok(request.Method);
}
