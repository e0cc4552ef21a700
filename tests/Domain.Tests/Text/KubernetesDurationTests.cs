using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Tests.Text;

public sealed class KubernetesDurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("1h30m", 5400)]
    [InlineData("1h0m5s", 3605)]
    [InlineData("0s", 0)]
    public void Durations_are_read(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), KubernetesDuration.TryParse(text));

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("-5m")]
    [InlineData("5m1h")]
    [InlineData("1.5h")]
    [InlineData("5m ")]
    [InlineData("99999999999999999999h")]
    [InlineData("٣m")]
    public void Anything_else_is_not(string text) => Assert.Null(KubernetesDuration.TryParse(text));

    [Theory]
    [InlineData(90, "1m30s")]
    [InlineData(5400, "1h30m")]
    [InlineData(3605, "1h0m5s")]
    [InlineData(7200, "2h")]
    [InlineData(0, "0s")]
    public void Durations_are_written_so_that_they_read_back(int seconds, string text)
    {
        Assert.Equal(text, KubernetesDuration.Format(TimeSpan.FromSeconds(seconds)));
        Assert.Equal(TimeSpan.FromSeconds(seconds), KubernetesDuration.TryParse(text));
    }
}
