using JitFunctions.Functions.Log;

namespace JitFunctions.Functions.Tests.Log;

public sealed class LogOptionsTests : IDisposable
{
    private const string KeyVault = "https://vault.vault.azure.net/keys/log/4387e9f3d6e14c459867679a90fd0f79";

    private readonly SettingsFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_log_needs_no_settings_and_is_not_signed_then()
    {
        Assert.Empty(new LogOptions().Errors());
        Assert.False(new LogOptions().IsSigned);
    }

    [Fact]
    public void Two_key_files_and_both_places_for_checkpoints_are_read()
    {
        var options = new LogOptions
        {
            Origin = "jit.example.com/log",
            KeyFile = _files.Write("ecdsa.pem", LogFiles.EcdsaPem()),
            Ed25519KeyFile = _files.Write("ed25519.pem", LogFiles.Ed25519Pem()),
            CheckpointFolder = _files.Folder,
            CheckpointContainer = "https://account.blob.core.windows.net/checkpoints",
        };
        Assert.Empty(options.Errors());
        Assert.True(options.IsSigned);
    }

    [Fact]
    public void A_key_in_a_vault_is_named_with_its_version() =>
        Assert.Empty(new LogOptions { Origin = "o", KeyVaultKey = KeyVault }.Errors());

    public static TheoryData<string, LogOptions> Wrong =>
        new()
        {
            {
                "Log:Origin is not set",
                new() { KeyVaultKey = KeyVault }
            },
            {
                "Log:Origin is not set",
                new() { KeyVaultKey = KeyVault, Origin = "a b" }
            },
            {
                "Log:Origin is not set",
                new() { KeyVaultKey = KeyVault, Origin = "a+b" }
            },
            {
                "need a key",
                new() { Origin = "o" }
            },
            {
                "need a key",
                new() { CheckpointFolder = "/" }
            },
            {
                "Log:KeyVaultKey must be",
                new() { Origin = "o", KeyVaultKey = "https://vault.vault.azure.net/keys/log" }
            },
            {
                "Log:KeyVaultKey must be",
                new() { Origin = "o", KeyVaultKey = KeyVault.Replace("https", "http") }
            },
            {
                "which is not a folder",
                new()
                {
                    Origin = "o",
                    KeyVaultKey = KeyVault,
                    CheckpointFolder = "/no/such",
                }
            },
            {
                "Log:CheckpointContainer must be",
                new()
                {
                    Origin = "o",
                    KeyVaultKey = KeyVault,
                    CheckpointContainer = "https://a.example.com/c?sig=x",
                }
            },
            {
                "cannot be read",
                new() { Origin = "o", KeyFile = "/no/such" }
            },
            {
                "cannot be read",
                new() { Origin = "o", Ed25519KeyFile = "/no/such" }
            },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named(string expected, LogOptions options) =>
        Assert.Contains(expected, Assert.Single(options.Errors()), StringComparison.Ordinal);

    [Fact]
    public void A_file_with_another_key_is_refused_and_its_content_is_not_shown()
    {
        var (ecdsa, ed25519) = (LogFiles.EcdsaPem(), LogFiles.Ed25519Pem());
        var options = new LogOptions
        {
            Origin = "o",
            KeyFile = _files.Write("ed25519.pem", ed25519),
            Ed25519KeyFile = _files.Write("ecdsa.pem", ecdsa),
        };

        var errors = options.Errors().ToList();

        Assert.Equal(2, errors.Count);
        Assert.Each(errors, error => Assert.Contains("no such private key", error, StringComparison.Ordinal));
        Assert.Each(
            (ecdsa + ed25519).Split('\n').Where(line => line.Length > 20 && !line.Contains("KEY")),
            line => Assert.DoesNotContain(line, string.Concat(errors), StringComparison.Ordinal)
        );
    }

    [Fact]
    public void One_key_has_one_place() =>
        Assert.Contains(
            "two places for one key",
            Assert.Single(
                new LogOptions
                {
                    Origin = "o",
                    KeyVaultKey = KeyVault,
                    KeyFile = _files.Write("ecdsa.pem", LogFiles.EcdsaPem()),
                }.Errors()
            ),
            StringComparison.Ordinal
        );
}
