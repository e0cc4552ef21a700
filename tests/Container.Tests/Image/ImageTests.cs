using System.Formats.Tar;
using System.Text.RegularExpressions;

namespace JitFunctions.Container.Tests.Image;

public sealed partial class ImageTests(AppImage image)
{
    private IEnumerable<string> Environment => image.Run["Env"]!.AsArray().Select(variable => (string)variable!);

    [Fact]
    public void It_runs_the_app_as_a_user_that_a_cluster_can_tell_from_root() =>
        Assert.Equal(
            ("1654:1654", "[\"dotnet\",\"/app/JitFunctions.Functions.dll\"]", "/app/"),
            ((string?)image.Run["User"], image.Run["Entrypoint"]?.ToJsonString(), (string?)image.Run["WorkingDir"])
        );

    [Fact]
    public void It_listens_on_one_port_that_needs_no_privilege()
    {
        Assert.Equal(["8080/tcp"], image.Run["ExposedPorts"]!.AsObject().Select(port => port.Key));
        Assert.Contains("ASPNETCORE_HTTP_PORTS=8080", Environment);
    }

    [Fact]
    public void Its_runtime_opens_no_door_to_its_memory() => Assert.Contains("DOTNET_EnableDiagnostics=0", Environment);

    [Fact]
    public void No_setting_of_the_app_is_built_in() =>
        Assert.DoesNotContain(
            Environment,
            variable => variable.Contains("__", StringComparison.Ordinal) || SecretName().IsMatch(variable)
        );

    [Fact]
    public void The_project_adds_what_the_app_runs_and_nothing_else()
    {
        var added = image
            .AppFiles.Where(entry => entry.EntryType is not TarEntryType.Directory)
            .Select(entry => entry.Name.TrimStart('/', '.'))
            .ToList();
        Assert.Contains("app/JitFunctions.Functions.dll", added);
        Assert.Contains("app/JitFunctions.EmbeddedHost.dll", added);
        Assert.Each(
            added,
            name =>
                Assert.Matches(
                    @"^app/(([^/]+|runtimes/win/.+)\.dll|"
                        + @"JitFunctions\.Functions\.(deps|runtimeconfig)\.json|host\.json)$",
                    name
                )
        );
    }

    [Fact]
    public void Not_even_without_a_read_only_root_could_the_app_change_itself()
    {
        Assert.Each(
            image.AppFiles,
            entry =>
                Assert.True(
                    entry.Uid == 0
                        && entry.Gid == 0
                        && !entry.Mode.HasFlag(UnixFileMode.GroupWrite)
                        && !entry.Mode.HasFlag(UnixFileMode.OtherWrite),
                    $"{entry.Name} of {entry.Uid}:{entry.Gid} has {entry.Mode}"
                )
        );
        Assert.DoesNotContain(
            image.AppFiles,
            entry => entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink
        );
    }

    [Fact]
    public void No_file_gives_whoever_runs_it_another_user() =>
        Assert.DoesNotContain(
            image.AppFiles.Concat(image.BaseFiles),
            entry => entry.Mode.HasFlag(UnixFileMode.SetUser) || entry.Mode.HasFlag(UnixFileMode.SetGroup)
        );

    [GeneratedRegex("secret|password|token|key|whsec_", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
