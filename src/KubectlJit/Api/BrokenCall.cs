using System.Globalization;
using System.Net;
using JitFunctions.KubectlJit.Settings;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Api;

/// <summary>Explains calls that got no response from the server, and what caused that.</summary>
internal sealed class BrokenCall(Shell shell, ServerAddress server)
{
    /// <summary>Most servers and proxies accept headers of 8 KiB or more.</summary>
    private const int LargeToken = 8 * 1024;

    private readonly Uri? _proxy = server.IsLoopback ? null : ProxyOf(shell, server.Api);

    public Failure Of(HttpRequestException broken) =>
        broken.HttpRequestError switch
        {
            HttpRequestError.ProxyTunnelError
            or HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError when _proxy is { } proxy => new(
                ExitCode.Unreachable,
                $"cannot reach {server.Api} through the proxy {Shown(proxy)}: {Told(broken)}",
                "proxy-unreachable",
                $"correct {ProxyVariable()}, or name the server in NO_PROXY",
                broken
            ),
            HttpRequestError.SecureConnectionError when Authorities.WhyUnreadable(shell) is { } why => new(
                ExitCode.Usage,
                why,
                "bad-authorities",
                "correct the variable, or unset it; then see whether the server's certificate is trusted",
                broken
            )
            {
                Details = [$"cannot reach {server.Api}: {Told(broken)}"],
            },
            HttpRequestError.SecureConnectionError => Unreachable(
                broken,
                "check the server's certificate; SSL_CERT_FILE names a private certificate authority"
            ),
            _ => Unreachable(broken, "check the server's address and the network"),
        };

    public Failure Late(Exception late)
    {
        var way = _proxy is { } proxy ? $" through the proxy {Shown(proxy)}" : "";
        return new(
            ExitCode.Unreachable,
            $"no answer from {server.Api}{way} in time",
            "unreachable",
            "try again later",
            late
        );
    }

    /// <summary>
    /// Whether the call was refused because its headers are too large: with 431 as in RFC 6585, or with 400 by older
    /// servers. Such servers stop reading the request.
    /// </summary>
    /// <param name="token">The bearer token that was sent.</param>
    public static Failure? TooLarge(HttpStatusCode status, Uri? called, string? token)
    {
        if (
            status is not HttpStatusCode.RequestHeaderFieldsTooLarge
            && (status is not HttpStatusCode.BadRequest || token?.Length is not > LargeToken)
        )
            return null;
        var size = (token?.Length ?? 0).ToString("N0", CultureInfo.InvariantCulture);
        return Failure.NotSignedIn(
            $"{called} answered {(int)status}: the headers of the call are too large, with a token of {size} bytes",
            "token-too-large",
            "sign in so that the token holds fewer groups, or have the server and the proxies before it take "
                + "larger headers"
        );
    }

    private Failure Unreachable(HttpRequestException broken, string remedy) =>
        new(ExitCode.Unreachable, $"cannot reach {server.Api}: {Told(broken)}", "unreachable", remedy, broken);

    // Some messages end with a superfluous quotation mark, or contain the proxy's address, which may include its
    // password.
    private string Told(HttpRequestException broken)
    {
        var message = broken.GetBaseException().Message.TrimEnd('.', '"');
        return _proxy is { UserInfo: not "" and var secret }
            ? message.Replace($"{secret}@", "", StringComparison.Ordinal)
            : message;
    }

    private static string Shown(Uri proxy) => proxy.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    // In the order in which .NET reads them. A server behind a proxy always uses https.
    private string ProxyVariable() =>
        ((string[])["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]).FirstOrDefault(name =>
            shell.NonEmpty(name) is not null
        ) ?? "the proxy's address";

    private static Uri? ProxyOf(Shell shell, Uri api) =>
        shell.Proxy is { } proxy && !proxy.IsBypassed(api) ? proxy.GetProxy(api) : null;
}
