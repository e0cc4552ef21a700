using System.Net;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Settings;

/// <summary>
/// The address of the API. Plain http is accepted for this machine only, because every call contains a token.
/// </summary>
internal sealed record ServerAddress(Uri Api, bool IsLoopback)
{
    /// <summary>The address as in <c>--server</c>, without <c>/api</c>.</summary>
    public string Text => Api.AbsoluteUri[..^"/api/".Length];

    /// <param name="origin">The place where the address was set, for the error message.</param>
    public static ServerAddress Parse(string text, string origin)
    {
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("https" or "http")
            || uri.UserInfo is not ""
        )
        {
            // The message does not repeat the address, because it may contain a password.
            throw Failure.Usage($"what {origin} gives is not a server address", "write it as https://jit.example.com");
        }

        var loopback =
            uri.IdnHost is "localhost"
            || (IPAddress.TryParse(uri.IdnHost, out var address) && IPAddress.IsLoopback(address));
        if (uri.Scheme is "http" && !loopback)
        {
            throw new Failure(
                ExitCode.Usage,
                $"{uri.GetLeftPart(UriPartial.Path)} would carry your token unencrypted",
                "insecure-server",
                "use https; plain http is for localhost only"
            );
        }

        return new ServerAddress(new Uri($"{uri.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/"), loopback);
    }
}
