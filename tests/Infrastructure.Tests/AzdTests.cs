using System.Diagnostics;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace JitFunctions.Infrastructure.Tests;

/// <summary>azd finds the app by a tag, its project by a path, and gives its own environment to <c>dotnet publish</c>.</summary>
public sealed class AzdTests
{
    private static Dictionary<string, object> Service => new DeserializerBuilder().Build()
        .Deserialize<AzureYaml>(File.ReadAllText(Path.Combine(BicepCompiler.Repository, "azure.yaml"))).Services.Single(service => service.Key == "app").Value;

    [Fact]
    public void The_app_is_found()
    {
        Assert.Equal(("function", "dotnet"), (Service["host"], Service["language"]));
        Assert.Single(Directory.GetFiles(Path.Combine(BicepCompiler.Repository, (string)Service["project"]), "*.*proj"));
        Assert.Equal("app", Installation.Dev.Single("Microsoft.Web/sites").At("tags")!["azd-service-name"]!.ToString());
        Assert.All(Installation.Dev.Resources.Where(resource => resource.At("tags") is not null), resource => Assert.Equal("test", resource.At("tags")!["azd-env-name"]!.ToString()));
    }

    [Fact]
    public void It_is_built_for_the_real_Functions_host()
    {
        var hooks = (Dictionary<object, object>)Service["hooks"];
        Assert.Equal("azd env set FunctionsHost Azure", ((Dictionary<object, object>)hooks["prepackage"])["run"]);
        // The property by that name, from an environment variable.
        Assert.Equal("Azure", MSBuild([("FunctionsHost", "Azure")], "-getProperty:FunctionsHost").Trim());
        Assert.Equal("Embedded", MSBuild([], "-getProperty:FunctionsHost").Trim());
    }

    // azd runs `dotnet user-secrets init`, which would write one into the project.
    [Fact]
    public void The_project_is_left_as_it_is() => Assert.Equal("jit-access", MSBuild([], "-getProperty:UserSecretsId").Trim());

    // What scales the app while none of it runs reads the backend in the package's host.json only.
    [Theory]
    [InlineData(null, "AzureManaged", "host.scheduler.json")]
    [InlineData("Scheduler", "AzureManaged", "host.scheduler.json")]
    [InlineData("Storage", "AzureStorage", "host.json")]
    public void The_package_names_the_backend_that_is_deployed(string? choice, string backend, string hostJson)
    {
        var build = JsonNode.Parse(MSBuild(
            [("AZURE_ENV_NAME", "test"), ("FunctionsHost", "Azure"), ("JIT_DURABLE_BACKEND", choice)], "-getProperty:DurableBackend", "-getItem:HostJson"))!;

        Assert.Equal(backend, build["Properties"]!["DurableBackend"]!.ToString());
        Assert.Equal(hostJson, Path.GetFileName(Assert.Single(build["Items"]!["HostJson"]!.AsArray())!["Identity"]!.ToString()));
    }

    private static string MSBuild((string Name, string? Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", Path.Combine(BicepCompiler.Repository, "src", "Functions", "Functions.csproj"), "-nologo", "-nodeReuse:false", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        foreach (var name in (string[])["FunctionsHost", "AZURE_ENV_NAME", "JIT_DURABLE_BACKEND"])
            start.Environment.Remove(name);
        foreach (var (name, value) in environment.Where(variable => variable.Value is not null))
            start.Environment[name] = value;
        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        Assert.True(build.ExitCode == 0, output);
        return output;
    }

    private sealed class AzureYaml
    {
        [YamlMember(Alias = "name")]
        public string Name { get; init; } = "";

        [YamlMember(Alias = "infra")]
        public Dictionary<string, string> Infrastructure { get; init; } = [];

        [YamlMember(Alias = "services")]
        public Dictionary<string, Dictionary<string, object>> Services { get; init; } = [];
    }
}
