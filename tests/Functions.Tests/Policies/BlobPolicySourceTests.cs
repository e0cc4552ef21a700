using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using JitFunctions.Functions.Policies;
using JitFunctions.PolicyReading;

namespace JitFunctions.Functions.Tests.Policies;

public sealed class BlobPolicySourceTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private const string Empty = "policies: []\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_is_read_in_the_order_of_names()
    {
        var container = await With(
            ("b.yaml", Empty),
            ("a.yml", "auditors: [ä]\n"),
            ("empty.yaml", ""),
            ("README.md", "x"),
            (".hidden.yaml", "x"),
            (".git/x.yaml", "x"),
            ("publisher", "carol@example.com a1b2c3\n")
        );

        var found = await new BlobPolicySource(container).ReadAsync(Cancellation);

        Assert.Equal([new("a.yml", "auditors: [ä]\n"), new("b.yaml", Empty), new("empty.yaml", "")], found.Files);
        Assert.Equal("carol@example.com a1b2c3", found.Publisher);
        Assert.Equal($"container {container.Uri}", found.Source);
    }

    [Fact]
    public async Task The_same_files_are_the_same_version_wherever_they_are()
    {
        var folder = Directory.CreateTempSubdirectory("jit-policies").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "a.yaml"), PolicySample.Rich, Encoding.UTF8, Cancellation);

        var there = await new FolderPolicySource(folder).ReadAsync(Cancellation);
        var here = await new BlobPolicySource(await With(("a.yaml", PolicySample.Rich))).ReadAsync(Cancellation);

        Assert.Equal(PolicyFiles.VersionOf(there.Files), PolicyFiles.VersionOf(here.Files));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Without_a_publisher_nobody_is_named()
    {
        var container = await With(("a.yaml", Empty));
        Assert.Equal(
            $"unknown: container {container.Uri} names nobody",
            (await new BlobPolicySource(container).ReadAsync(Cancellation)).Publisher
        );
    }

    // What happens between the listing and the last answer: each would make a set that never was.
    [Theory]
    [InlineData("overwrite", "a.yaml")]
    [InlineData("overwrite", "b.yaml")]
    [InlineData("overwrite", "publisher")]
    [InlineData("delete", "a.yaml")]
    [InlineData("delete", "b.yaml")]
    [InlineData("overwrite", "c.yaml")]
    public async Task What_changes_while_it_is_read_is_read_another_time(string change, string name)
    {
        var container = await With(("a.yaml", Empty), ("b.yaml", Empty), ("publisher", "carol"));
        var meanwhile = new Meanwhile(
            "/b.yaml",
            () => change == "delete" ? container.DeleteBlobAsync(name) : Write(container, name, "policies: [] # new\n")
        );
        var options = new BlobClientOptions();
        options.AddPolicy(meanwhile, HttpPipelinePosition.PerCall);
        var source = new BlobPolicySource(azurite.Container(container.Name, options));

        var thrown = await Assert.ThrowsAsync<PolicySourceException>(() => source.ReadAsync(Cancellation));
        Assert.Equal($"container {container.Uri} was changed while it was read.", thrown.Message);
        Assert.True(meanwhile.HasHappened);

        var found = await source.ReadAsync(Cancellation);
        Assert.Equal(
            change == "overwrite",
            found.Files.Any(file => file.Name == name && file.Content.EndsWith("new\n", StringComparison.Ordinal))
                || found.Publisher.EndsWith("new", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Files_in_folders_make_it_invalid_instead_of_being_left_out_silently()
    {
        var found = await new BlobPolicySource(
            await With(("a.yaml", Empty), ("denials/b.yaml", "denials: []"))
        ).ReadAsync(Cancellation);
        Assert.StartsWith(
            "denials/b.yaml: lies in a folder below",
            Assert.Single(ErrorsOf(found)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_too_much_is_not_read_whole_and_refused()
    {
        var found = await new BlobPolicySource(
            await With(("a.yaml", "#" + new string('a', 3 * PolicyFiles.MostBytes)), ("b.yaml", Empty))
        ).ReadAsync(Cancellation);
        Assert.Equal(PolicyFiles.MostBytes + 1, Assert.Single(found.Files).Content.Length);
        Assert.Contains("more than 1048576 bytes", Assert.Single(ErrorsOf(found)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_container_is_no_wish_to_have_no_policies() =>
        Assert.StartsWith(
            "There is no policy file",
            Assert.Single(ErrorsOf(await new BlobPolicySource(await With()).ReadAsync(Cancellation))),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_container_that_is_not_there_is_said_by_name()
    {
        var thrown = await Assert.ThrowsAsync<PolicySourceException>(() =>
            new BlobPolicySource(azurite.Container("no-such-container")).ReadAsync(Cancellation)
        );
        Assert.Matches(
            "^container http://127.0.0.1:.*/no-such-container cannot be read: 404 ContainerNotFound$",
            thrown.Message
        );
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_told_in_one_line()
    {
        var options = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        var thrown = await Assert.ThrowsAsync<PolicySourceException>(() =>
            new BlobPolicySource(
                new BlobContainerClient(new Uri("http://127.0.0.1:1/account/policies"), options)
            ).ReadAsync(Cancellation)
        );
        Assert.StartsWith(
            "container http://127.0.0.1:1/account/policies cannot be read: ",
            thrown.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', thrown.Message);
    }

    [Fact]
    public void A_signature_in_an_address_is_never_shown() =>
        Assert.Equal(
            "container https://account.blob.core.windows.net/policies",
            new BlobPolicySource(
                new BlobContainerClient(new Uri("https://account.blob.core.windows.net/policies?sv=1&sig=secret"))
            ).Name
        );

    private static IReadOnlyList<string> ErrorsOf(PolicySourceText found) =>
        Assert.Throws<InvalidPolicyException>(() => PolicyFiles.Parse(found.Files)).Errors;

    private static async Task Write(BlobContainerClient container, string name, string content) =>
        await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), overwrite: true, Cancellation);

    private async Task<BlobContainerClient> With(params (string Name, string Content)[] blobs)
    {
        var container = await azurite.NewContainerAsync();
        foreach (var (name, content) in blobs)
            await Write(container, name, content);
        return container;
    }

    /// <summary>Does something, once, when a certain blob is about to be read.</summary>
    private sealed class Meanwhile(string path, Func<Task> act) : HttpPipelinePolicy
    {
        public bool HasHappened { get; private set; }

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (!HasHappened && message.Request.Uri.Path.EndsWith(path, StringComparison.Ordinal))
            {
                HasHappened = true;
                await act();
            }

            await ProcessNextAsync(message, pipeline);
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new NotSupportedException();
    }
}
