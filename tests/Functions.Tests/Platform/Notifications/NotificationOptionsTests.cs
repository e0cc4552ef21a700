using JitFunctions.Functions.Platform.Notifications;
using Microsoft.Extensions.Configuration;

namespace JitFunctions.Functions.Tests.Platform.Notifications;

public sealed class NotificationOptionsTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"; // 24 bytes

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("https://hooks.example.com/x?key=y", Secret)]
    [InlineData("http://127.0.0.1:8080/", Secret)]
    [InlineData("http://localhost/", Secret)]
    public void A_webhook_is_reached_by_https_or_is_on_this_machine_or_is_not_there(string? webhook, string? secret) =>
        Assert.Empty(Errors(webhook, secret));

    [Theory]
    [InlineData("http://hooks.example.com/hidden")]
    [InlineData("http://localhost.example.com/hidden")]
    [InlineData("ftp://127.0.0.1/hidden")]
    [InlineData("hooks.example.com/hidden")]
    [InlineData("/hidden")]
    [InlineData("file:///hidden")]
    [InlineData("https://hooks.example.com:99999/hidden")]
    [InlineData("https://")]
    public void Any_other_address_is_refused_and_not_shown(string webhook)
    {
        var error = Assert.Single(Errors(webhook, Secret));
        Assert.Contains("must be an address with https://", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La")] // 21 bytes
    [InlineData("whsec_hunter2")]
    [InlineData(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    )] // 72 bytes
    public void A_secret_is_long_enough_to_sign_with_and_is_not_shown(string? secret)
    {
        var error = Assert.Single(Errors("https://hooks.example.com", secret));
        Assert.Contains("Notifications:Secret must be whsec_", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        Assert.DoesNotContain("MfKQ9", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_for_nobody_is_a_mistake() =>
        Assert.Contains("set both or neither", Assert.Single(Errors(null, Secret)), StringComparison.Ordinal);

    private static IEnumerable<string> Errors(string? webhook, string? secret) =>
        NotificationOptions
            .Read(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(
                        new Dictionary<string, string?>
                        {
                            ["Notifications:Webhook"] = webhook,
                            ["Notifications:Secret"] = secret,
                        }
                    )
                    .Build()
                    .GetSection(NotificationOptions.Section)
            )
            .Errors();
}
