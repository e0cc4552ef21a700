using System.Net;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Settings;

/// <summary>Where the API is. Plain http is taken for this machine only, since every call carries a token.</summary>
internal sealed record ServerAddress(Uri Api, bool IsLoopback)
{
    /// <summary>As it is given by <c>--server</c>: without <c>/api</c>.</summary>
    public string Text => Api.AbsoluteUri[..^"/api/".Length];

    /// <param name="origin">Where the address was set, for the error.</param>
    public static ServerAddress Parse(string text, string origin)
    {
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("https" or "http")
            || uri.UserInfo is not ""
        )
        {
            // Not repeated: it may hold a password.
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
