using JitFunctions.EmbeddedHost.Functions;
using JitFunctions.EmbeddedHost.Timers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace JitFunctions.EmbeddedHost.Tests.Hosting;

public sealed class StartupTests
{
    [Fact]
    public async Task Without_a_connection_string_the_app_does_not_start_and_says_what_to_set()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(null));

        Assert.Contains("ConnectionStrings:Postgres", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%Missing%", "the setting 'Missing' is missing")]
    [InlineData("every now and then", "is not a schedule")]
    public void A_schedule_that_cannot_be_read_is_refused_with_the_functions_name(string expression, string reason)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Schedule.Parse("Tick", expression, new ConfigurationManager()));

        Assert.Contains("'Tick'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*/10 * * * * *", "2026-11-23T12:00:10Z")]
    [InlineData("*/10 * * * *", "2026-11-23T12:10:00Z")]
    [InlineData("%A:B%", "2026-11-23T13:30:00Z")]
    public void Schedules_have_seconds_or_not_and_may_come_from_settings(string expression, string next)
    {
        var configuration = new ConfigurationManager { ["A:B"] = "0 30 * * * *" };
        var from = new DateTime(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc).AddMinutes(expression.StartsWith('%') ? 30 : 0);

        Assert.Equal(
            DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime,
            Schedule.Parse("Tick", expression, configuration).After(from));
    }

    [Theory]
    [InlineData("defaultVersion", "next", "compares versions as numbers")]
    [InlineData("versionMatchStrategy", "None", "has only 'CurrentOrOlder'")]
    [InlineData("versionFailureStrategy", "Fail", "has only 'Reject'")]
    public void A_host_json_that_asks_for_what_this_host_does_not_do_is_refused(string setting, string value, string reason)
    {
        var folder = Directory.CreateTempSubdirectory();
        File.WriteAllText(Path.Combine(folder.FullName, "host.json"), $$"""{"extensions": {"durableTask": {"{{setting}}": "{{value}}" } } }""");

        var refused = Assert.Throws<InvalidOperationException>(() => HostJson.Read(folder.FullName));

        folder.Delete(recursive: true);
        Assert.Contains($"{setting} is '{value}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_can_be_switched_off_in_the_configuration()
    {
        var configuration = new ConfigurationManager { ["AzureWebJobs.Break.Disabled"] = "true" };
        var catalog = new FunctionCatalog([typeof(StartupTests).Assembly], configuration);

        Assert.DoesNotContain(catalog.All, function => function.Name == "Break");
        Assert.Contains(catalog.All, function => function.Name == "Greet");
    }

    [Fact]
    public void A_parameter_that_the_host_cannot_bind_is_refused()
    {
        var method = ((Delegate)Unbindable).Method;
        var refused = Assert.Throws<InvalidOperationException>(() => new FunctionDescriptor("Odd", method));

        Assert.Contains("'stream'", refused.Message, StringComparison.Ordinal);
    }

    private static void Unbindable([ActivityTrigger] string input, Stream stream) => stream.Write([(byte)input.Length]);
}
