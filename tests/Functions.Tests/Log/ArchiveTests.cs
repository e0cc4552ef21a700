using JitFunctions.Functions.Log;
using JitFunctions.Functions.Tests.Policies;
using JitFunctions.Projections.Log;

namespace JitFunctions.Functions.Tests.Log;

/// <summary>A folder, and a container on the emulator of Azure Storage.</summary>
public sealed class ArchiveTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    private readonly SettingsFiles _files = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_checkpoint_is_stored_once_and_the_newest_is_found(bool inFolder)
    {
        var archive = await NewAsync(inFolder);

        Assert.Null(await archive.NewestAsync(Cancellation));
        Assert.Null(await archive.PutAsync(10, "ten\n", Cancellation));
        Assert.Null(await archive.PutAsync(9, "nine — ä\n", Cancellation));
        Assert.Equal("ten\n", await archive.PutAsync(10, "another\n", Cancellation));

        Assert.Equal("ten\n", await archive.NewestAsync(Cancellation));
        Assert.Equal("nine — ä\n", await archive.PutAsync(9, "", Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_many_nodes_that_store_at_once_one_does(bool inFolder)
    {
        var archive = await NewAsync(inFolder);

        var notes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(node => archive.PutAsync(3, $"by node {node}\n", Cancellation))
        );

        Assert.Single(notes, note => note is null);
        Assert.Single(notes.OfType<string>().Distinct());
    }

    [Fact]
    public async Task A_folder_has_whole_checkpoints_and_nothing_else_that_counts()
    {
        await new FolderArchive(_files.Folder).PutAsync(7, "seven\n", Cancellation);
        _files.Write("9999999999999999999.checkpoint.tmp", "x");
        _files.Write("README", "x");

        Assert.Equal("seven\n", await new FolderArchive(_files.Folder).NewestAsync(Cancellation));
        Assert.Equal(3, Directory.GetFiles(_files.Folder).Length);
    }

    private async Task<ICheckpointArchive> NewAsync(bool inFolder) =>
        inFolder ? new FolderArchive(_files.Folder) : new BlobArchive(await azurite.NewContainerAsync());
}
