using JitFunctions.Functions.Platform.Directory;

namespace JitFunctions.Functions.Tests.Platform.Directory;

public sealed class DirectoryOptionsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("https://graph.microsoft.com")]
    [InlineData("https://graph.microsoft.us/")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost")]
    public void Graph_is_reached_by_https_or_is_on_this_machine_or_is_not_asked(string? endpoint) =>
        Assert.Empty(Errors(endpoint));

    [Theory]
    [InlineData("http://graph.microsoft.com", "must begin with https://")]
    [InlineData("http://localhost.example.com", "must begin with https://")]
    [InlineData("ftp://127.0.0.1", "must begin with https://")]
    [InlineData("graph.microsoft.com", "must begin with https://")]
    [InlineData("https://graph.microsoft.com/v1.0", "no path")]
    [InlineData("https://graph.microsoft.com?x=1", "no path")]
    [InlineData("https://graph.microsoft.com#x", "no path")]
    [InlineData("https://someone@graph.microsoft.com", "no path")]
    public void Any_other_endpoint_is_refused(string endpoint, string because) =>
        Assert.Contains(because, Assert.Single(Errors(endpoint)), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://graph.microsoft.com", "https://graph.microsoft.com/.default")]
    [InlineData("https://graph.microsoft.us", "https://graph.microsoft.us/.default")]
    [InlineData("http://127.0.0.1:8080", "https://graph.microsoft.com/.default")]
    public void The_token_is_for_the_cloud_that_is_asked(string endpoint, string scope) =>
        Assert.Equal(scope, new GraphOptions { Endpoint = new(endpoint) }.Scope);

    [Fact]
    public void An_identity_for_Graph_without_Graph_is_a_mistake() =>
        Assert.Contains(
            "set Directory:Graph:Endpoint too",
            Assert.Single(new DirectoryOptions { Graph = new() { ManagedIdentityClientId = "id" } }.Errors()),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("00:00:01", true)]
    [InlineData("7.00:00:00", true)]
    [InlineData("00:00:00", false)]
    [InlineData("-01:00:00", false)]
    [InlineData("7.00:00:01", false)]
    [InlineData("24:00:00", false)] // .NET reads days
    public void Tokens_are_good_for_some_time_and_not_for_weeks(string goodFor, bool good) =>
        Assert.Equal(
            good,
            !new DirectoryOptions { TokensGoodFor = TimeSpan.Parse(goodFor, null) }
                .Errors()
                .Any()
        );

    private static IEnumerable<string> Errors(string? endpoint) =>
        new DirectoryOptions
        {
            Graph = new() { Endpoint = endpoint is null ? null : new Uri(endpoint, UriKind.RelativeOrAbsolute) },
        }.Errors();
}
