using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class ServerAddressTests : ServerTests
{
    [Fact]
    public async Task The_flag_comes_before_the_variable_and_the_variable_before_the_configuration()
    {
        using var plugin = new Plugin(Server);
        plugin.Configure($"server: {Server.Address}/");

        Assert.Equal(
            ExitCode.Ok,
            (await plugin.With("JIT_SERVER", "not an address").RunAsync("list", "--server", Server.Address)).Code
        );
        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync("list")).Code);
        Assert.Equal(ExitCode.Ok, (await plugin.Without("JIT_SERVER").RunAsync("list")).Code);
    }

    [Theory]
    [InlineData("http://jit.example.com", "insecure-server")]
    [InlineData("http://127.0.0.1.example.com", "insecure-server")]
    [InlineData("http://localhost.example.com", "insecure-server")]
    [InlineData("http://10.0.0.1", "insecure-server")]
    [InlineData("https://user:pass@jit.example.com", "usage")]
    [InlineData("ftp://jit.example.com", "usage")]
    [InlineData("jit.example.com", "usage")]
    public async Task A_token_is_never_sent_in_the_clear_to_another_machine(string address, string code)
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("list", "--server", address);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains($"({code})", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotContain("pass@", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_with_an_untrusted_certificate_gets_no_token()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var unsigned = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = unsigned.CreateSelfSigned(
            TimeProvider.System.GetUtcNow(),
            TimeProvider.System.GetUtcNow().AddDays(1)
        );
        await using var impostor = await JitServer.StartAsync(certificate);
        using var plugin = new Plugin(impostor);

        var run = await plugin.RunAsync("list");

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Contains("check the server's certificate", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(impostor.Calls);
    }

    [Fact]
    public async Task An_address_with_a_path_keeps_it()
    {
        using var plugin = new Plugin(Server);

        await plugin.RunAsync("list", "--server", $"{Server.Address}/jit/");

        Assert.StartsWith("/jit/api/requests?", Assert.Single(Server.Calls).Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_server_the_error_says_how_to_set_one()
    {
        using var plugin = new Plugin();

        var run = await plugin.RunAsync("list");

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("--server", run.Error, StringComparison.Ordinal);
        Assert.Contains("JIT_SERVER", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{plugin.Home}/.config/kubectl-jit/config.yaml", run.Error, StringComparison.Ordinal);
    }
}
