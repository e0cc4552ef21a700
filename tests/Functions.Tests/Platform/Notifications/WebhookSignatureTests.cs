using System.Text;
using JitFunctions.Functions.Platform.Notifications;

namespace JitFunctions.Functions.Tests.Platform.Notifications;

public sealed class WebhookSignatureTests
{
    /// <summary>
    /// https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/csharp/StandardWebhooks.Tests/WebhookTest.cs
    /// </summary>
    [Fact]
    public void The_published_example_gives_the_published_signature() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            Sign(
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1614265330,
                """{"test": 2432232314}"""
            )
        );

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx", "msg_1", 1614265330, "{}")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_2", 1614265330, "{}")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_1", 1614265331, "{}")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_1", 1614265330, "{ }")]
    public void Key_id_time_and_body_are_all_signed(string key, string id, long timestamp, string body) =>
        Assert.NotEqual(
            Sign("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_1", 1614265330, "{}"),
            Sign(key, id, timestamp, body)
        );

    private static string Sign(string key, string id, long timestamp, string body) =>
        WebhookSignature.Sign(Convert.FromBase64String(key), id, timestamp, Encoding.UTF8.GetBytes(body));
}
