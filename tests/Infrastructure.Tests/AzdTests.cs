using System.Diagnostics;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace JitFunctions.Infrastructure.Tests;

/// <summary>
/// azd finds the app by a tag, its project by a path, and gives its own environment to <c>dotnet publish</c>.
/// </summary>
public sealed class AzdTests
{
    private static AzureYaml Project =>
        new DeserializerBuilder()
            .Build()
            .Deserialize<AzureYaml>(File.ReadAllText(Path.Combine(BicepCompiler.Repository, "azure.yaml")));

    private static Dictionary<string, object> Service => Project.Services.Single(service => service.Key == "app").Value;

    [Fact]
    public void The_app_is_found()
    {
        Assert.Equal(("function", "dotnet"), (Service["host"], Service["language"]));
        Assert.Single(
            Directory.GetFiles(Path.Combine(BicepCompiler.Repository, (string)Service["project"]), "*.*proj")
        );
        Assert.Equal(
            "app",
            AzureInstallation.Dev.Single("Microsoft.Web/sites").At("tags")!["azd-service-name"]!.ToString()
        );
        Assert.Each(
            AzureInstallation.Dev.Resources.Where(resource => resource.At("tags") is not null),
            resource => Assert.Equal("test", resource.At("tags")!["azd-env-name"]!.ToString())
        );
    }

    // An azd before 1.23.7 gives `dotnet publish` no environment (azure-dev#6905): the backend would always be Azure
    // Storage.
    [Fact]
    public void An_azd_that_gives_the_build_no_environment_is_refused() =>
        Assert.Equal(">= 1.23.7", Project.RequiredVersions["azd"]);

    // The app ends at its start without a schema and policies, and without addresses nobody reaches it, azd included.
    [Theory]
    [InlineData(null, null, "JIT_ALLOWED_ADDRESSES is not set")]
    [InlineData(null, "true", "JIT_ALLOWED_ADDRESSES is not set")]
    [InlineData("""["192.0.2.0/24"]""", null, "azd env set JIT_PREPARED true")]
    [InlineData("""["192.0.2.0/24"]""", "false", "azd env set JIT_PREPARED true")]
    [InlineData("[]", "true", null)]
    [InlineData("""["192.0.2.0/24"]""", "true", null)]
    public void The_app_is_deployed_only_where_it_can_start(string? addresses, string? prepared, string? because)
    {
        string[] command = ((string)Hook("predeploy")).Split(' ');
        Assert.Equal(["dotnet", "msbuild"], command[..2]);
        var (exitCode, output) = Run([("JIT_ALLOWED_ADDRESSES", addresses), ("JIT_PREPARED", prepared)], command[1..]);
        Assert.Equal(because is null, exitCode == 0);
        Assert.Contains(because ?? "", output, StringComparison.Ordinal);
    }

    // azd runs `dotnet user-secrets init`, which would write one into the project.
    [Fact]
    public void The_project_is_left_as_it_is() =>
        Assert.Equal("jit-access", MSBuild([], "-getProperty:UserSecretsId").Trim());

    // What scales the app while none of it runs reads the backend in the package's host.json only.
    [Theory]
    [InlineData(null, "AzureStorage", "host.json")]
    [InlineData("Scheduler", "AzureManaged", "host.scheduler.json")]
    [InlineData("Storage", "AzureStorage", "host.json")]
    public void The_package_names_the_backend_that_is_deployed(string? choice, string backend, string hostJson)
    {
        var build = JsonNode.Parse(
            MSBuild(
                [("AZURE_ENV_NAME", "test"), ("JIT_DURABLE_BACKEND", choice)],
                "-getProperty:DurableBackend",
                "-getItem:HostJson"
            )
        )!;

        Assert.Equal(backend, build["Properties"]!["DurableBackend"]!.ToString());
        Assert.Equal(
            hostJson,
            Path.GetFileName(Assert.Single(build["Items"]!["HostJson"]!.AsArray())!["Identity"]!.ToString())
        );
    }

    private static object Hook(string name)
    {
        var hooks = (Dictionary<object, object>)Service["hooks"];
        return ((Dictionary<object, object>)hooks[name])["run"];
    }

    private static string MSBuild((string Name, string? Value)[] environment, params string[] arguments)
    {
        var (exitCode, output) = Run(environment, ["msbuild", "-nologo", .. arguments]);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>dotnet where azd runs it: in the folder of the service.</summary>
    private static (int ExitCode, string Output) Run(
        (string Name, string? Value)[] environment,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo("dotnet", [.. arguments, "-nodeReuse:false"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.Combine(BicepCompiler.Repository, (string)Service["project"]),
        };
        string[] known = ["AZURE_ENV_NAME", "JIT_DURABLE_BACKEND", "JIT_ALLOWED_ADDRESSES", "JIT_PREPARED"];
        foreach (var name in known)
            start.Environment.Remove(name);
        foreach (var (name, value) in environment.Where(variable => variable.Value is not null))
            start.Environment[name] = value;
        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return (build.ExitCode, output);
    }

    private sealed class AzureYaml
    {
        [YamlMember(Alias = "name")]
        public string Name { get; init; } = "";

        [YamlMember(Alias = "requiredVersions")]
        public Dictionary<string, string> RequiredVersions { get; init; } = [];

        [YamlMember(Alias = "infra")]
        public Dictionary<string, string> Infrastructure { get; init; } = [];

        [YamlMember(Alias = "services")]
        public Dictionary<string, Dictionary<string, object>> Services { get; init; } = [];
    }
}
