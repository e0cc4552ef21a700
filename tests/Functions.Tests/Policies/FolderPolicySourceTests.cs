using System.Diagnostics;
using System.Text;
using JitFunctions.PolicyReading;

namespace JitFunctions.Functions.Tests.Policies;

public sealed class FolderPolicySourceTests : IDisposable
{
    private const string Empty = "policies: []\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("jit-policies").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_folder_is_read_in_the_order_of_names()
    {
        Write("b.yaml", Empty);
        Write("a.yml", "auditors: [ä]\n");
        Write("C.YAML", Empty);
        Write("README.md", "not a policy");
        Write("d.yaml.disabled", "not a policy");
        Write(".hidden.yaml", "not a policy");

        var found = await Read();

        Assert.Equal([new("C.YAML", Empty), new("a.yml", "auditors: [ä]\n"), new("b.yaml", Empty)], found.Files);
        Assert.Equal($"folder {_folder}", found.Source);
        Assert.Empty(PolicyFiles.Parse(found.Files).Policies);
    }

    [Fact]
    public async Task A_single_file_is_read_by_itself()
    {
        Write("policies.conf", Empty);
        Write("other.yaml", "not a policy");

        var found = await Read("policies.conf");

        Assert.Equal([new("policies.conf", Empty)], found.Files);
        Assert.Equal($"file {Path.Combine(_folder, "policies.conf")}", found.Source);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("policies.yaml")]
    public async Task A_mounted_config_map_is_read_as_it_was_at_one_moment(string? file)
    {
        Mount("..2026_01", "old\n");
        Link("..data", "..2026_01");
        Link("policies.yaml", "..data/policies.yaml");
        Link("publisher", "..data/publisher");
        Assert.Equal(("old\n", "old"), Content(await Read(file)));

        // As the kubelet does it: a new folder, a new link put over the old one, the old folder removed.
        Mount("..2026_02", "new\n");
        Swap("..2026_02");
        Directory.Delete(At("..2026_01"), recursive: true);
        Assert.Equal(("new\n", "new"), Content(await Read(file)));

        static (string, string) Content(PolicySourceText found) =>
            (Assert.Single(found.Files).Content, found.Publisher);
    }

    // While one version takes the place of another, over and over, no reading has something of both.
    [Fact]
    public async Task No_reading_mixes_two_versions()
    {
        Mount("..0", "0");
        Link("..data", "..0");
        Link("policies.yaml", "..data/policies.yaml");
        using var stop = new CancellationTokenSource();
        var swapping = Task.Run(
            () =>
            {
                for (var i = 1; !stop.IsCancellationRequested; i++)
                {
                    Mount($"..{i}", $"{i}");
                    Swap($"..{i}");
                    Directory.Delete(At($"..{i - 1}"), recursive: true);
                }
            },
            TestContext.Current.CancellationToken
        );

        var (read, seen) = (0, new HashSet<string>());
        var clock = Stopwatch.StartNew();
        while ((read < 500 || seen.Count < 20) && clock.Elapsed < TimeSpan.FromMinutes(5))
        {
            try
            {
                var found = await Read();
                Assert.Equal(found.Publisher, Assert.Single(found.Files).Content);
                (read, _) = (read + 1, seen.Add(found.Publisher));
            }
            catch (PolicySourceException)
            {
                // Swapped twice within one reading.
            }
        }

        await stop.CancelAsync();
        await swapping;
        Assert.True(read >= 500 && seen.Count >= 20, $"{read} readings of {seen.Count} versions");
    }

    [Fact]
    public async Task A_folder_that_is_a_link_is_followed_once()
    {
        Directory.CreateDirectory(At("v1"));
        Write("v1/a.yaml", Empty);
        Link("current", "v1");
        Assert.Equal(["a.yaml"], (await Read("current")).Files.Select(file => file.Name));
    }

    [Fact]
    public async Task Files_in_folders_below_make_it_invalid_instead_of_being_left_out_silently()
    {
        Write("a.yaml", Empty);
        Directory.CreateDirectory(At("more/denials"));
        Write("more/denials/b.yaml", "denials: []");
        Directory.CreateDirectory(At(".git"));
        Write(".git/c.yaml", Empty);
        Directory.CreateDirectory(At("docs"));
        Write("docs/README.md", "");

        Assert.StartsWith(
            "more/denials/b.yaml: lies in a folder below",
            Assert.Single(ErrorsOf(await Read())),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_too_much_is_not_read_whole_and_refused()
    {
        Write("a.yaml", "#" + new string('a', PolicyFiles.MostBytes / 2));
        Write("b.yaml", "#" + new string('b', PolicyFiles.MostBytes));
        Write("c.yaml", Empty);

        var found = await Read();

        Assert.Equal(["a.yaml", "b.yaml"], found.Files.Select(file => file.Name));
        Assert.Contains("more than 1048576 bytes", Assert.Single(ErrorsOf(found)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_files_are_refused()
    {
        for (var i = 0; i <= PolicyFiles.MostFiles + 5; i++)
            Write($"{i}.yaml", "");
        Assert.Contains("201 policy files: 200 at most.", ErrorsOf(await Read()));
    }

    [Fact]
    public async Task A_byte_order_mark_is_nothing_and_what_is_no_utf8_is_refused()
    {
        File.WriteAllBytes(At("a.yaml"), [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Empty)]);
        Assert.Equal(Empty, Assert.Single((await Read()).Files).Content);

        File.WriteAllBytes(At("a.yaml"), [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Empty)]);
        Assert.StartsWith("a.yaml:1:1: is not UTF-8", Assert.Single(ErrorsOf(await Read())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_folder_is_no_wish_to_have_no_policies() =>
        Assert.StartsWith("There is no policy file", Assert.Single(ErrorsOf(await Read())), StringComparison.Ordinal);

    [Theory]
    [InlineData("no-such-folder")]
    [InlineData("no-such-file.yaml")]
    public async Task What_is_not_there_is_said_by_name(string name) =>
        Assert.Contains(
            name,
            (await Assert.ThrowsAsync<PolicySourceException>(() => Read(name))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_link_that_leads_nowhere_is_no_missing_file()
    {
        Write("a.yaml", Empty);
        Link("b.yaml", "gone.yaml");
        Assert.Contains(
            "cannot be read",
            (await Assert.ThrowsAsync<PolicySourceException>(() => Read())).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("carol@example.com a1b2c3\n", "carol@example.com a1b2c3")]
    [InlineData("carol@example.com a1b2c3\r\n", "carol@example.com a1b2c3")]
    [InlineData("Zoë", "Zoë")]
    [InlineData("", "unknown: {0} has a 'publisher' that is not one line of at most 200 characters")]
    [InlineData(" \n", "unknown: {0} has a 'publisher' that is not one line of at most 200 characters")]
    [InlineData("carol\nmallory", "unknown: {0} has a 'publisher' that is not one line of at most 200 characters")]
    [InlineData("carol\u001b[2J", "unknown: {0} has a 'publisher' that is not one line of at most 200 characters")]
    [InlineData("carol\u202E", "unknown: {0} has a 'publisher' that is not one line of at most 200 characters")]
    [InlineData(null, "unknown: {0} names nobody")]
    public async Task Who_published_is_what_the_source_says(string? content, string publisher)
    {
        Write("a.yaml", Empty);
        if (content is not null)
            Write("publisher", content);
        Assert.Equal(string.Format(null, publisher, $"folder {_folder}"), (await Read()).Publisher);
        Assert.Equal(string.Format(null, publisher, $"file {At("a.yaml")}"), (await Read("a.yaml")).Publisher);
    }

    [Fact]
    public async Task A_publisher_is_short()
    {
        Write("a.yaml", Empty);
        Write("publisher", new string('x', 200));
        Assert.Equal(new string('x', 200), (await Read()).Publisher);
        Write("publisher", new string('x', 201));
        Assert.StartsWith("unknown: ", (await Read()).Publisher, StringComparison.Ordinal);
        Write("publisher", new string('x', 20000));
        Assert.StartsWith("unknown: ", (await Read()).Publisher, StringComparison.Ordinal);
    }

    private Task<PolicySourceText> Read(string? name = null) =>
        new FolderPolicySource(name is null ? _folder : At(name)).ReadAsync(TestContext.Current.CancellationToken);

    private static IReadOnlyList<string> ErrorsOf(PolicySourceText found) =>
        Assert.Throws<InvalidPolicyException>(() => PolicyFiles.Parse(found.Files)).Errors;

    private string At(string name) => Path.Combine(_folder, name);

    private void Write(string name, string content) => File.WriteAllText(At(name), content);

    private void Link(string name, string target) => File.CreateSymbolicLink(At(name), target);

    // The library cannot rename a link over another.
    private void Swap(string target)
    {
        Link("..data_tmp", target);
        using var move = Process.Start("mv", ["-T", At("..data_tmp"), At("..data")]);
        move.WaitForExit();
        Assert.Equal(0, move.ExitCode);
    }

    private void Mount(string folder, string content)
    {
        Directory.CreateDirectory(At(folder));
        Write($"{folder}/policies.yaml", content);
        Write($"{folder}/publisher", content);
    }
}
