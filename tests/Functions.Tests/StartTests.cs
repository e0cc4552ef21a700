using System.Diagnostics;

namespace JitFunctions.Functions.Tests;

/// <summary>The app as a process of its own: what whoever runs it sees of a wrong setting.</summary>
public sealed class StartTests : IDisposable
{
    private readonly SettingsFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Wrong_settings_end_the_start_with_one_line_each()
    {
        var errors = await StartAsync(
            _files.Good(
                ("ConnectionStrings:Postgres", null),
                ("Authentication:Audience", null),
                ("Clusters:demo:Context", "none")
            )
        );
        Assert.Collection(
            errors,
            line => Assert.StartsWith("ConnectionStrings:Postgres is not set", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Authentication:Audience is not set", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Cluster 'demo': the kubeconfig", line, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_schedule_that_is_none_ends_the_start_too() =>
        Assert.Contains(
            "'now and then' is not a schedule",
            Assert.Single(await StartAsync(_files.Good(("ReconcilerSchedule", "now and then")))),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Policies_that_are_not_there_end_the_start_where_none_are_in_force_yet() =>
        Assert.Contains(
            "/no/such/policies",
            Assert.Single(await StartAsync(_files.Good(("Policies:Path", "/no/such/policies")))),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Policies_that_are_not_valid_end_the_start_with_a_line_for_each_mistake()
    {
        var file = _files.Write("bad.yaml", "administrators: admins\npolices: []\n");
        var errors = await StartAsync(_files.Good(("Policies:Path", file)));
        Assert.Collection(
            errors.Order(),
            line => Assert.StartsWith("bad.yaml:1:", line, StringComparison.Ordinal),
            line => Assert.StartsWith("bad.yaml:2:", line, StringComparison.Ordinal)
        );
    }

    private static async Task<string[]> StartAsync(IReadOnlyDictionary<string, string?> settings)
    {
        var start = new ProcessStartInfo("dotnet", Path.Combine(AppContext.BaseDirectory, "JitFunctions.Functions.dll"))
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal((1, string.Empty), (process.ExitCode, await output));
            return errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            process.Kill();
        }
    }
}
