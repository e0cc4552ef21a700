using System.Security.Cryptography;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;
using JitFunctions.TransparencyLog.Tests.Merkle;

namespace JitFunctions.TransparencyLog.Tests.Proofs;

public sealed class TlogPolicyTests
{
    private const string Origin = "log.example.com";

    private static readonly Ed25519NoteSigner Log = new(Origin, Ed25519Key.Generate());
    private static readonly EcdsaNoteSigner Vault = new(Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private static readonly Cosigner[] Witnesses =
    [
        .. new[] { "X1", "X2", "X3", "Y1", "Y2" }.Select(name => new Cosigner(
            $"{name}.example",
            Ed25519Key.Generate()
        )),
    ];

    /// <summary>The example of the specification, smaller.</summary>
    private static string TwoLevels =>
        $"""
            # whom we trust
            log {Log.Key} https://log.example.com/

              witness	X1 {Witnesses[0].Key}
            witness X2 {Witnesses[1].Key} https://x2.example.com/
            witness X3 {Witnesses[2].Key}
            group X-witnesses 2 X1 X2 X3
            witness Y1 {Witnesses[3].Key}
            witness Y2 {Witnesses[4].Key}
            group Y-witnesses any Y1 Y2
            group X-and-Y all X-witnesses Y-witnesses
            quorum X-and-Y

            """;

    [Theory]
    [InlineData("", false)]
    [InlineData("0", false)]
    [InlineData("0 1", false)]
    [InlineData("0 1 2", false)]
    [InlineData("3 4", false)]
    [InlineData("0 3 4", false)]
    [InlineData("0 0 3", false)] // one witness twice
    [InlineData("0 1 3", true)]
    [InlineData("1 2 4", true)]
    [InlineData("0 1 2 3 4", true)]
    public async Task A_checkpoint_needs_the_quorum_of_its_witnesses(string cosigned, bool isTrusted)
    {
        var checkpoint = await CheckpointAsync(Log);
        foreach (var witness in cosigned.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            checkpoint = Cosigned(checkpoint, Witnesses[witness[0] - '0']);

        var verification = TlogPolicy.Parse(TwoLevels).Verify(SignedCheckpoint.Parse(checkpoint.ToString()));

        Assert.Equal(isTrusted, verification.IsTrusted);
        if (!isTrusted)
            Assert.Contains("are not the quorum of the policy", verification.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Either_key_of_a_log_is_enough_and_witnesses_never_are()
    {
        var both = TlogPolicy.Parse($"log {Log.Key}\nlog {Vault.Key}\nwitness w {Witnesses[0].Key}\nquorum none\n");

        Assert.True(both.Verify(await CheckpointAsync(Log)).IsTrusted);
        Assert.True(both.Verify(await CheckpointAsync(Vault)).IsTrusted);
        Assert.True(both.Verify(await CheckpointAsync(Log, Vault)).IsTrusted);
        var unsigned = await CheckpointAsync(new Ed25519NoteSigner(Origin, Ed25519Key.Generate()));
        Assert.Equal(
            "no key of the log 'log.example.com' in the policy has signed the checkpoint",
            both.Verify(Cosigned(unsigned, Witnesses[0])).Refusal
        );
    }

    [Fact]
    public async Task A_log_signs_for_its_own_origin_only()
    {
        var other = new Ed25519NoteSigner("other.example.com", Ed25519Key.Generate());
        var policy = TlogPolicy.Parse($"log {Log.Key}\nlog {other.Key}\nquorum none\n");
        var checkpoint = await CheckpointAsync(Log);
        var stolen = checkpoint with
        {
            Note = await NoteSigning.SignAsync(checkpoint.Note.Text, [other], TestContext.Current.CancellationToken),
        };

        Assert.Contains("no key of the log", policy.Verify(stolen).Refusal, StringComparison.Ordinal);
        Assert.Equal(
            "the policy has no log 'log.example.com'",
            TlogPolicy.Parse($"log {other.Key}\nquorum none\n").Verify(checkpoint).Refusal
        );
        Assert.False(TlogPolicy.Parse("quorum none\n").Verify(checkpoint).IsTrusted);
    }

    [Fact]
    public async Task A_wrong_signature_of_a_known_key_is_not_outvoted()
    {
        var checkpoint = Cosigned(await CheckpointAsync(Log, Vault), Witnesses[0]);
        var policy = TlogPolicy.Parse($"log {Log.Key}\nlog {Vault.Key}\nwitness w {Witnesses[0].Key}\nquorum none\n");
        for (var i = 0; i < 3; i++)
        {
            var signatures = checkpoint.Note.Signatures.ToList();
            byte[] wrong = [.. signatures[i].Signature];
            wrong[^1] ^= 1;
            signatures[i] = signatures[i] with { Signature = wrong };

            Assert.Contains(
                "is not of this checkpoint",
                policy.Verify(checkpoint with { Note = checkpoint.Note with { Signatures = signatures } }).Refusal,
                StringComparison.Ordinal
            );
        }

        Assert.Equal(3, policy.Verify(checkpoint).Signatures.Count);
    }

    public static TheoryData<string, string> Refused =>
        new()
        {
            { "", "The policy has no line 'quorum NAME' or 'quorum none'." },
            { "quorum none", "The last line of the policy has no line feed." },
            { "quorum none\nquorum none\n", "line 2: A policy has one quorum." },
            { "quorum w\n", "line 1: No line above defines 'w'." },
            { "quorum none more\n", "line 1: 'quorum' is not a line of a policy" },
            { "quorum none\r\n", "line 1: The only control characters" },
            { "rule none\n", "line 1: 'rule' is not a line of a policy" },
            { "log\n", "line 1: 'log' is not a line of a policy" },
            { "log a+b\nquorum none\n", "line 1: A verifier key has the form" },
            { $"log {Log.Key}\nlog {Log.Key}\nquorum none\n", "line 2: Another log has the same key." },
            { $"log {Witnesses[0].Key}\nquorum none\n", "line 1: The key is that of a witness" },
            { $"witness w {Log.Key}\nquorum w\n", "line 1: The key of a witness has the type 0x04." },
            { $"witness none {Witnesses[0].Key}\nquorum none\n", "line 1: The name 'none' is taken." },
            {
                $"witness w {Witnesses[0].Key}\nwitness v {Witnesses[0].Key}\n",
                "line 2: Another witness has the same key."
            },
            { $"witness w {Witnesses[0].Key}\nwitness w {Witnesses[1].Key}\n", "line 2: The name 'w' is taken." },
            { $"witness w {Witnesses[0].Key}\ngroup g 0 w\n", "line 2: A group needs all, any, or 1 to 1" },
            { $"witness w {Witnesses[0].Key}\ngroup g 2 w\n", "line 2: A group needs all, any, or 1 to 1" },
            { $"witness w {Witnesses[0].Key}\ngroup g 01 w\n", "line 2: A group needs all, any, or 1 to 1" },
            { $"witness w {Witnesses[0].Key}\ngroup g any\n", "line 2: 'group' is not a line of a policy" },
            { $"witness w {Witnesses[0].Key}\ngroup g any w w\n", "line 2: 'w' is a member of a group already." },
            { $"witness w {Witnesses[0].Key}\ngroup g any none\n", "line 2: No line above defines 'none'." },
            {
                $"witness w {Witnesses[0].Key}\ngroup g any w\ngroup h any w\nquorum g\n",
                "line 3: 'w' is a member of a group already."
            },
            { "group g any g\nquorum g\n", "line 1: No line above defines 'g'." },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_a_policy_is_refused(string text, string why) =>
        Assert.StartsWith(
            why,
            Assert.Throws<FormatException>(() => TlogPolicy.Parse(text)).Message,
            StringComparison.Ordinal
        );

    private static Task<SignedCheckpoint> CheckpointAsync(params INoteSigner[] signers) =>
        SignedCheckpoint.SignAsync(new(Origin, 8, Vectors.Root(8)), signers, TestContext.Current.CancellationToken);

    private static SignedCheckpoint Cosigned(SignedCheckpoint checkpoint, Cosigner witness) =>
        checkpoint.With(witness.Sign(checkpoint.Note.Text, DateTimeOffset.UnixEpoch.AddYears(56)));
}
