using System.Net;
using JitFunctions.Functions.Clusters;
using k8s.Autorest;

namespace JitFunctions.Functions.Tests.Clusters;

public sealed class ClusterFailureTests
{
    [Theory]
    [InlineData(HttpStatusCode.NotFound, true)]
    [InlineData(HttpStatusCode.UnprocessableEntity, true)]
    [InlineData(HttpStatusCode.Forbidden, false)]
    [InlineData(HttpStatusCode.Unauthorized, false)]
    [InlineData(HttpStatusCode.Conflict, false)]
    [InlineData(HttpStatusCode.TooManyRequests, false)]
    [InlineData(HttpStatusCode.InternalServerError, false)]
    public void Only_what_can_never_succeed_is_given_up(HttpStatusCode status, bool final) =>
        Assert.Equal(final, ClusterFailure.IsFinal(Answer(status)));

    [Fact]
    public void People_read_the_message_of_the_server_and_nothing_else_of_it()
    {
        var answer = Answer(HttpStatusCode.NotFound);
        answer.Response.Content =
            """{"kind":"Status","apiVersion":"v1","message":"namespaces \"x\" not found","code":404}""";
        Assert.Equal("demo answered 404: namespaces \"x\" not found", ClusterFailure.Describe(answer, "demo"));

        answer.Response.Content = "<html>a proxy's page</html>";
        Assert.Equal("demo answered 404: no Kubernetes status", ClusterFailure.Describe(answer, "demo"));
    }

    private static HttpOperationException Answer(HttpStatusCode status) =>
        new() { Response = new HttpResponseMessageWrapper(new HttpResponseMessage(status), string.Empty) };
}
