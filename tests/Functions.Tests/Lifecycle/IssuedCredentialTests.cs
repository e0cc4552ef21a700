using JitFunctions.Functions.Http.Requests;
using JitFunctions.Functions.Lifecycle;

namespace JitFunctions.Functions.Tests.Lifecycle;

public sealed class IssuedCredentialTests
{
    [Fact]
    public void A_token_does_not_show_where_somebody_logs_what_holds_it()
    {
        var issued = new IssuedCredential(
            "the-token",
            DateTimeOffset.UnixEpoch,
            new(new("https://demo.example.com"), null)
        );
        Assert.DoesNotContain("the-token", $"{issued} {CredentialView.From(issued)}", StringComparison.Ordinal);
    }
}
