using JitFunctions.Functions.Platform.SignIn;

namespace JitFunctions.Functions.Tests.Platform.SignIn;

public sealed class AuthenticationOptionsTests
{
    [Theory]
    [InlineData("https://login.example.com", true)]
    [InlineData("https://login.example.com/realms/jit/", true)]
    [InlineData("http://127.0.0.1:8080", false)]
    [InlineData("http://localhost/realms/jit", false)]
    [InlineData("https://[::1]", false)]
    public void An_issuer_is_reached_by_https_or_is_on_this_machine(string authority, bool requireHttps) =>
        Assert.Empty(Errors(authority, requireHttps));

    [Theory]
    [InlineData(null, true, "Authentication:Authority is not set")]
    [InlineData("", true, "Authentication:Authority is not set")]
    [InlineData("login.example.com", true, "must be an address with https://")]
    [InlineData("/realms/jit", true, "must be an address with https://")]
    [InlineData("ftp://login.example.com", true, "must be an address with https://")]
    [InlineData("login.example.com", false, "must be an address with https://")]
    [InlineData("http://login.example.com", true, "must begin with https://")]
    [InlineData("http://127.0.0.1", true, "must begin with https://")]
    [InlineData("http://login.example.com", false, "loopback authority only")]
    [InlineData("http://localhost.example.com", false, "loopback authority only")]
    public void Any_other_issuer_is_refused(string? authority, bool requireHttps, string because) =>
        Assert.Contains(because, Assert.Single(Errors(authority, requireHttps)), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "name", "groups", "Authentication:Audience")]
    [InlineData("jit", " ", "groups", "Authentication:UsernameClaim")]
    [InlineData("jit", "name", "", "Authentication:GroupsClaim")]
    public void Audience_and_claims_have_names(string audience, string username, string groups, string setting) =>
        Assert.Contains(
            setting,
            Assert.Single(
                new AuthenticationOptions
                {
                    Authority = new("https://login.example.com"),
                    Audience = audience,
                    UsernameClaim = username,
                    GroupsClaim = groups,
                }.Errors()
            ),
            StringComparison.Ordinal
        );

    private static IEnumerable<string> Errors(string? authority, bool requireHttps) =>
        new AuthenticationOptions
        {
            Authority = authority is null ? null! : new Uri(authority, UriKind.RelativeOrAbsolute),
            Audience = "jit",
            RequireHttps = requireHttps,
        }.Errors();
}
