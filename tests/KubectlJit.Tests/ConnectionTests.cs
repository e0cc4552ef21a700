using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JitFunctions.KubectlJit.Terminal;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>What is wrong between plugin and server is told as what it is.</summary>
public sealed class ConnectionTests : ServerTests
{
    private static readonly string Large = new('x', 50_000);

    [Fact]
    public async Task A_token_that_is_too_large_for_the_headers_is_called_so()
    {
        using var plugin = new Plugin(Server).With("JIT_TOKEN", Large);

        var run = await plugin.RunAsync("list");

        Assert.Equal(ExitCode.NotSignedIn, run.Code);
        Assert.Contains(
            "answered 431: the headers of the call are too large, with a token of 50,000 bytes "
                + "(token-too-large): sign in so that the token holds fewer groups",
            run.ErrorLines[0],
            StringComparison.Ordinal
        );
        Assert.Equal("  the token came from the variable JIT_TOKEN", run.ErrorLines[1]);
        Assert.Empty(Server.Calls);
    }

    [Theory]
    [InlineData(9_000, ExitCode.NotSignedIn, "(token-too-large)")]
    [InlineData(500, ExitCode.Usage, "(http-400)")]
    internal async Task A_proxy_that_answers_400_to_a_large_token_means_its_size(
        int length,
        ExitCode exitCode,
        string code
    )
    {
        Server.AnswerNext(http =>
            Results.Text("<html>Request Header Or Cookie Too Large", "text/html", statusCode: 400).ExecuteAsync(http)
        );
        using var plugin = new Plugin(Server).With("JIT_TOKEN", Large[..length]);

        var run = await plugin.RunAsync("list");

        Assert.Equal(exitCode, run.Code);
        Assert.Contains(code, run.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_API_itself_calls_invalid_is_never_blamed_on_the_token()
    {
        Server.AnswerNext(400, ProblemAnswers.Body(400, "invalid-query"));
        using var plugin = new Plugin(Server).With("JIT_TOKEN", Large[..9_000]);

        Assert.Contains("(invalid-query)", (await plugin.RunAsync("list")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_does_not_answer_is_named_and_not_the_server_blamed()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var plugin = new Plugin(Server)
        {
            Proxy = new WebProxy($"http://user:password@{unused.LocalEndPoint}"),
            Clock = new HastyClock(),
        };
        plugin.With("JIT_SERVER", "https://jit.example.com").With("HTTPS_PROXY", "http://…");

        var run = await plugin.RunAsync("list");

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Equal(
            $"error: cannot reach https://jit.example.com/api/ through the proxy http://{unused.LocalEndPoint}: "
                + "Connection refused "
                + "(proxy-unreachable): correct HTTPS_PROXY, or name the server in NO_PROXY",
            Assert.Single(run.ErrorLines)
        );
    }

    [Fact]
    public async Task A_proxy_that_refuses_is_named_without_its_password()
    {
        // It answers CONNECT with 404.
        using var plugin = new Plugin(Server)
        {
            Proxy = new WebProxy(Server.Address.Replace("//", "//user:password@", StringComparison.Ordinal)),
            Clock = new HastyClock(),
        };
        plugin.With("JIT_SERVER", "https://jit.example.com").With("all_proxy", "http://…");

        var run = await plugin.RunAsync("list");

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Contains(
            $"cannot reach https://jit.example.com/api/ through the proxy {Server.Address}: ",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("'404' (proxy-unreachable): correct all_proxy, ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("password", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSL_CERT_FILE", "no-such.pem", "which cannot be read: ")]
    [InlineData("SSL_CERT_FILE", ".", "which cannot be read: ")]
    [InlineData("SSL_CERT_FILE", "empty.pem", "which holds no certificate")]
    [InlineData("SSL_CERT_DIR", "no-such", "which is no folder")]
    public async Task Authorities_that_cannot_be_read_are_named_and_not_the_server_blamed(
        string variable,
        string name,
        string why
    )
    {
        using var certificate = SelfSigned();
        await using var server = await JitServer.StartAsync(certificate);
        using var plugin = new Plugin(server);
        plugin.Write("empty.pem", "not a certificate\n");
        var path = Path.GetFullPath(Path.Combine(plugin.Home, name));

        var run = await plugin.With(variable, path).RunAsync("list");

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.StartsWith($"error: {variable} names {path}, {why}", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains("(bad-authorities): correct the variable", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.StartsWith($"  cannot reach {server.Address}/api/: ", run.ErrorLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorities_that_can_be_read_and_do_not_help_leave_the_certificate_to_blame()
    {
        using var certificate = SelfSigned();
        using var other = SelfSigned();
        await using var server = await JitServer.StartAsync(certificate);
        using var plugin = new Plugin(server);
        plugin
            .With("SSL_CERT_FILE", plugin.Write("other.pem", other.ExportCertificatePem()))
            .With("SSL_CERT_DIR", $"/no-such:{plugin.Home}");

        var run = await plugin.RunAsync("list");

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Contains("check the server's certificate", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now,
            now.AddDays(1)
        );
    }
}
