using System.Text.RegularExpressions;
using JitFunctions.Functions.Platform;

namespace JitFunctions.Infrastructure.Tests;

/// <summary>
/// Between two releases, the version is the next one with <c>-dev</c> behind it, and CHANGELOG.md has a part that is
/// not released. A release takes both away.
/// </summary>
public sealed partial class VersionTests
{
    [Fact]
    public void The_version_is_that_of_the_changelog_or_the_next_one_in_the_making()
    {
        var changelog = File.ReadAllText(Path.Combine(BicepCompiler.Repository, "CHANGELOG.md"));
        var released = Version.Parse(Released().Match(changelog).Groups["version"].Value);
        var version = AppVersion.Text.Split('+')[0];

        if (changelog.Contains("## [Unreleased]", StringComparison.Ordinal))
        {
            Assert.EndsWith("-dev", version, StringComparison.Ordinal);
            Assert.True(Version.Parse(version[..^"-dev".Length]) > released, $"{version} is not after {released}");
        }
        else
        {
            Assert.Equal(released, Version.Parse(version));
        }
    }

    [GeneratedRegex(@"^## \[(?<version>[0-9]+\.[0-9]+\.[0-9]+)\]", RegexOptions.Multiline)]
    private static partial Regex Released();
}
