using System.Globalization;
using JitFunctions.LocalStack;

namespace JitFunctions.Container.Tests.Image;

/// <summary>A tag means something else every month; only a digest names one image.</summary>
public sealed class BaseImageNameTests
{
    private static readonly string Digest = string.Concat(Enumerable.Repeat("0a", 32));

    [Fact]
    public async Task The_base_image_of_the_project_is_named_by_its_digest()
    {
        var evaluated = (await MSBuildAsync("-getProperty:ContainerBaseImage")).OrThrow("dotnet msbuild").StdOut.Trim();
        Assert.Matches(
            @"^mcr\.microsoft\.com/dotnet/aspnet:10\.0\.[0-9]+-noble-chiseled-extra@sha256:[0-9a-f]{64}$",
            evaluated
        );
    }

    [Theory]
    [InlineData("registry.example.com/base", false)]
    [InlineData("registry.example.com/base:10.0", false)]
    [InlineData("registry.example.com/base@sha256:0a", false)]
    [InlineData("registry.example.com/base@sha256:{0}:10.0", false)]
    [InlineData("registry.example.com/base@sha256:{0}", true)]
    [InlineData("registry.example.com/base:10.0@sha256:{0}", true)]
    public async Task A_base_image_without_a_digest_is_refused(string name, bool accepted)
    {
        var image = string.Format(CultureInfo.InvariantCulture, name, Digest);
        var build = await MSBuildAsync("-target:ComputeContainerBaseImage", $"-property:ContainerBaseImage={image}");
        Assert.Equal(accepted, build.ExitCode == 0);
        Assert.Equal(
            !accepted,
            build.StdOut.Contains($"The base image '{image}' is not named by its digest", StringComparison.Ordinal)
        );
    }

    private static Task<Command> MSBuildAsync(params string[] arguments) =>
        Command.RunAsync(
            "dotnet",
            [
                "msbuild",
                Repository.Combine("src", "Functions", "Functions.csproj"),
                "-nologo",
                "-nodeReuse:false",
                .. arguments,
            ],
            cancellation: TestContext.Current.CancellationToken
        );
}
