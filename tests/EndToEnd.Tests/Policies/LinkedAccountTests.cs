using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>Accounts that belong to one human: what is refused to one is refused to all, and what is allowed to one is not.</summary>
public sealed class LinkedAccountTests(Stage stage)
{
    private readonly Scene _scene = Scene.WithoutNamespace(stage.Platform);

    [Fact]
    public async Task A_denial_of_one_account_meets_the_other()
    {
        foreach (var account in new[] { "uma.ops@example.com", "uma@example.com", "UMA@example.com" })
        {
            var refused = (await AskAsync(account, "team")).ExpectProblem(403, "denied-by-policy");
            Assert.Contains("Handed over to her successor.", refused.Json.At("detail"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_exception_of_one_account_meets_the_other()
    {
        foreach (var account in new[] { "rita.ops@example.com", "rita@example.com" })
            (await AskAsync(account, "grown")).ExpectProblem(403, "not-covered");
    }

    [Fact]
    public async Task What_one_account_is_allowed_the_other_is_not()
    {
        await _scene.Cluster.CreateNamespaceAsync(_scene.NamespaceOf("solo"));
        (await AskAsync("quinn.ops@example.com", "solo")).ExpectProblem(403, "not-covered");
        Assert.Equal("for-one-account", (await AskAsync("quinn@example.com", "solo")).Expect(System.Net.HttpStatusCode.Created).Json.At("policy.name"));
    }

    private Task<Answer> AskAsync(string userName, string prefix) => _scene.As(new Person(userName, userName, "payments-devs"))
        .PostAsync("/api/requests", _scene.Terms(role: "ClusterRole/view", namespaces: _scene.NamespaceOf(prefix)));
}
