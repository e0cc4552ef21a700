using JitFunctions.Domain.Policies;
using JitFunctions.PolicyReading;

namespace JitFunctions.Functions.Tests.Policies;

public sealed class PolicyVersionTests
{
    private const string Empty = "policies: []\n";

    [Fact]
    public void The_version_is_the_hash_of_names_and_contents()
    {
        Assert.Matches("^sha256:[0-9a-f]{64}$", Version(("a.yaml", Empty)));
        Assert.Equal(Version(("a.yaml", Empty)), Version(("a.yaml", Empty)));
        Assert.NotEqual(Version(("a.yaml", Empty)), Version(("b.yaml", Empty)));
        Assert.NotEqual(Version(("a.yaml", Empty)), Version(("a.yaml", Empty + "# a comment")));
        Assert.NotEqual(Version(("a.yaml", Empty)), Version(("a.yaml", Empty), ("b.yaml", Empty)));
        Assert.Equal(Version(("a.yaml", Empty)), PolicyFiles.Parse([new("a.yaml", Empty)]).Version);
    }

    // Worked out apart from the code, so that an auditor can do the same.
    [Fact]
    public void The_version_is_as_documented() =>
        Assert.Equal(
            "sha256:a29f3b67be70d4b7b726a9728f0f0704943db1c816150b18e7adf1d39f12b15f",
            Version(("b.yaml", "policies: []\n"), ("a.yaml", "auditors: [ä]\n"))
        );

    [Fact]
    public void The_order_in_which_files_are_given_is_nothing() =>
        Assert.Equal(
            Version(("a.yaml", "auditors: []"), ("b.yaml", Empty)),
            Version(("b.yaml", Empty), ("a.yaml", "auditors: []"))
        );

    [Fact]
    public void What_moves_between_names_and_contents_and_files_is_another_version() =>
        Assert.Distinct([
            Version(("a", "bcd")),
            Version(("ab", "cd")),
            Version(("a", "b"), ("c", "d")),
            Version(("a", ""), ("b", "cd")),
            Version(("a", "bc"), ("d", "")),
            Version(("a", "b\0\0\0\u0001cd")),
            Version(("abcd", "")),
        ]);

    private static string Version(params (string Name, string Content)[] files) =>
        PolicyFiles.VersionOf([.. files.Select(file => new PolicyFileText(file.Name, file.Content))]);
}
