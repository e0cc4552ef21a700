using System.Net;
using JitFunctions.EmbeddedHost.Settings;
using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using JitFunctions.EmbeddedHost.Timers;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.EmbeddedHost.Tests.Hosting;

/// <summary>What is wrong with an app is told in one line, before it serves anything.</summary>
public sealed class StartupTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_connection_string_the_app_does_not_start_and_says_what_to_set() =>
        Assert.Contains("ConnectionStrings:Postgres", await RefusalAsync(null), StringComparison.Ordinal);

    [Fact]
    public async Task A_schedule_that_cannot_be_read_is_refused_with_its_functions_name()
    {
        var refusal = await RefusalAsync(
            await postgres.NewDatabaseAsync(),
            OptIn.With(nameof(TimerFunctions.NowAndThen))
        );

        Assert.Contains("'NowAndThen'", refusal, StringComparison.Ordinal);
        Assert.Contains("is not a schedule", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_whose_setting_is_missing_is_refused_with_the_setting()
    {
        var refusal = await RefusalAsync(
            await postgres.NewDatabaseAsync(),
            OptIn.With(nameof(TimerFunctions.FromSetting))
        );

        Assert.Contains("'FromSetting'", refusal, StringComparison.Ordinal);
        Assert.Contains("the setting 'Timers:Schedule' is missing", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_wants_a_key_is_refused()
    {
        var refusal = await RefusalAsync(await postgres.NewDatabaseAsync(), OptIn.With(nameof(Keyed.NeedsKey)));

        Assert.Contains("'NeedsKey'", refusal, StringComparison.Ordinal);
        Assert.Contains("AuthorizationLevel.Anonymous", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*/10 * * * * *", "2026-11-23T12:00:10Z")]
    [InlineData("*/10 * * * *", "2026-11-23T12:10:00Z")]
    [InlineData("%A:B%", "2026-11-23T13:30:00Z")]
    public void Schedules_have_seconds_or_not_and_may_come_from_settings(string expression, string next)
    {
        var configuration = new ConfigurationManager { ["A:B"] = "0 30 * * * *" };
        var from = new DateTime(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc).AddMinutes(
            expression.StartsWith('%') ? 30 : 0
        );

        Assert.Equal(
            DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime,
            Schedule.Parse("Tick", expression, configuration).After(from)
        );
    }

    [Theory]
    [InlineData("defaultVersion", "next", "compares versions as numbers")]
    [InlineData("versionMatchStrategy", "None", "has only 'CurrentOrOlder'")]
    [InlineData("versionFailureStrategy", "Fail", "has only 'Reject'")]
    public void A_host_json_that_asks_for_what_this_host_does_not_do_is_refused(
        string setting,
        string value,
        string reason
    )
    {
        var folder = Directory.CreateTempSubdirectory();
        File.WriteAllText(
            Path.Combine(folder.FullName, "host.json"),
            $$"""{"extensions": {"durableTask": {"{{setting}}": "{{value}}" } } }"""
        );

        var refused = Assert.Throws<InvalidOperationException>(() => HostJson.Read(folder.FullName));

        folder.Delete(recursive: true);
        Assert.Contains($"{setting} is '{value}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AzureWebJobs.Greet.Disabled")]
    [InlineData("AzureWebJobs:Greet:Disabled")]
    public async Task A_function_can_be_switched_off_in_the_configuration(string setting)
    {
        await using var host = await TestHost.StartAsync(
            await postgres.NewDatabaseAsync(),
            builder => builder.Services.AddScoped<Scoped>(),
            (setting, "true")
        );
        using var off = await host.Http.GetAsync("api/greet/you/1", Cancellation);
        using var on = await host.Http.GetAsync("api/Unrouted", Cancellation);

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.OK], [off.StatusCode, on.StatusCode]);
    }

    [Fact]
    public void Under_a_Functions_host_it_steps_aside()
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration["Functions:Worker:HostEndpoint"] = "http://127.0.0.1:1";
        var before = (Services: builder.Services.Count, Sources: builder.Configuration.Sources.Count);
        builder.UseEmbeddedHost();

        Assert.Equal(before, (builder.Services.Count, builder.Configuration.Sources.Count));
        Assert.Equal("http://127.0.0.1:1", builder.Configuration["Functions:Worker:HostEndpoint"]);
    }

    [Fact]
    public async Task What_the_options_cannot_be_is_refused()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var host = await TestHost.StartAsync(
                await postgres.NewDatabaseAsync(),
                settings: ("EmbeddedHost:MaxConcurrentActivities", "0")
            );
        });

        Assert.Contains(nameof(EmbeddedHostOptions.MaxConcurrentActivities), refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> RefusalAsync(string? database, params (string Key, string Value)[] settings)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            TestHost.StartAsync(database, settings: settings)
        );
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Message;
    }
}
