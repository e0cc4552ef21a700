using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Tests.Merkle;

namespace JitFunctions.TransparencyLog.Tests.Checkpoints;

public sealed class CheckpointTests
{
    private const string Root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    [Fact]
    public void The_example_of_the_specification_is_read_and_written()
    {
        const string Text = $"example.com/behind-the-sofa\n20852163\n{Root}\n";

        var checkpoint = Checkpoint.Parse(Text);

        Assert.Equal(("example.com/behind-the-sofa", 20852163L), (checkpoint.Origin, checkpoint.Size));
        Assert.Equal(Root, checkpoint.Root.ToBase64());
        Assert.Equal(Text, checkpoint.ToString());
    }

    [Fact]
    public void Extension_lines_are_kept()
    {
        const string Text = $"a\n0\n{Root}\nmore\nand more\n";

        Assert.Equal(["more", "and more"], Checkpoint.Parse(Text).Extensions);
        Assert.Equal(Text, Checkpoint.Parse(Text).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData($"a\n1\n{Root}")]
    [InlineData($"\n1\n{Root}\n")]
    [InlineData("a\n1\n")]
    [InlineData($"a\n01\n{Root}\n")]
    [InlineData($"a\n\n{Root}\n")]
    [InlineData($"a\n-1\n{Root}\n")]
    [InlineData($"a\n+1\n{Root}\n")]
    [InlineData($"a\n 1\n{Root}\n")]
    [InlineData($"a\n1 \n{Root}\n")]
    [InlineData($"a\n1e3\n{Root}\n")]
    [InlineData($"a\n\u0661\n{Root}\n")] // a digit, but not of ASCII
    [InlineData($"a\n9223372036854775808\n{Root}\n")] // 2^63
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n")] // a bit after the last byte
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2\n")]
    [InlineData("a\n1\n CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n")] // of base64url
    [InlineData($"a\n1\n{Root}\n\n")]
    public void What_is_not_a_checkpoint_is_refused(string text) =>
        Assert.Throws<FormatException>(() => Checkpoint.Parse(text));

    [Fact]
    public async Task A_log_signs_checkpoints_of_its_own_name_only()
    {
        var signer = new Ed25519NoteSigner("log.example.com", Ed25519Key.Generate());
        var cancel = TestContext.Current.CancellationToken;

        var checkpoint = await SignedCheckpoint.SignAsync(new("log.example.com", 8, Vectors.Root(8)), [signer], cancel);

        Assert.Equal(checkpoint.ToString(), SignedCheckpoint.Parse(checkpoint.ToString()).ToString());
        Assert.True(checkpoint.Note.Verify([signer.Key]).IsTrusted);
        await Assert.ThrowsAsync<ArgumentException>(() =>
            SignedCheckpoint.SignAsync(new("log.example.org", 8, Vectors.Root(8)), [signer], cancel)
        );
    }
}
