using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.LocalStack;

namespace JitFunctions.EmbeddedHost.Tests.Processes;

/// <summary>The sample app as a process of its own, to be killed and paused.</summary>
internal sealed class SampleNode : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("embedded-host-").FullName;
    private readonly ProcessPlan _plan;
    private SupervisedProcess _process;

    private SampleNode(SampleDatabase database, (string Key, string Value)[] settings)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory);
        var assembly = Path.Combine(
            configuration.Parent!.Parent!.FullName,
            "EmbeddedHost.SampleApp",
            configuration.Name,
            "JitFunctions.EmbeddedHost.SampleApp.dll"
        );
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ConnectionStrings__Postgres"] = database.ConnectionString,
            ["AzureWebJobs__Tick__Disabled"] = "true",
            ["AzureWebJobs__SlowTick__Disabled"] = "true",
            ["EmbeddedHost__NodeLease"] = TestHost.NodeLease,
        };
        foreach (var (key, value) in settings)
            environment[key] = value;
        _plan = new ProcessPlan("dotnet", [assembly], _folder, Path.Combine(_folder, "node.log"))
        {
            Environment = environment,
        };
        _process = SupervisedProcess.Start(_plan);
    }

    public bool HasExited => _process.HasExited;

    public static SampleNode Start(SampleDatabase database, params (string Key, string Value)[] settings) =>
        new(database, settings);

    public async Task StartAgainAsync()
    {
        await _process.DisposeAsync();
        _process = SupervisedProcess.Start(_plan);
    }

    public Task KillAsync() => _process.KillAsync();

    public Task StopAsync() => _process.StopAsync();

    public Task PauseAsync() => _process.SignalAsync("STOP");

    public Task ResumeAsync() => _process.SignalAsync("CONT");

    public string Log() => File.ReadAllText(_plan.Log);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
