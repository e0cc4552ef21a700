using System.Text.Json;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Settings;

/// <summary>
/// The source of the bearer token. Messages contain <see cref="Origin"/>, but never the token itself.
/// </summary>
internal abstract record TokenSource(string Origin)
{
    public sealed record Variable(string Name, string Token) : TokenSource($"the variable {Name}")
    {
        protected override Task<string> TextAsync(CancellationToken cancel) => Task.FromResult(Token);
    }

    public sealed record File(string Path, string SetBy) : TokenSource($"{Path} ({SetBy})")
    {
        /// <summary>Whether the source is from the configuration file, which every run reads.</summary>
        public bool IsConfigured { get; init; }

        protected override async Task<string> TextAsync(CancellationToken cancel)
        {
            try
            {
                return await System.IO.File.ReadAllTextAsync(Path, cancel);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                throw Failure.NotSignedIn(
                    $"cannot read the token from {Origin}: {unreadable.Message}",
                    "no-token",
                    "sign in again",
                    unreadable
                );
            }
        }
    }

    /// <param name="Arguments">The program and its arguments; no shell is involved.</param>
    public sealed record Command(IReadOnlyList<string> Arguments, string SetBy)
        : TokenSource($"the command {Arguments[0]} ({SetBy})")
    {
        protected override Task<string> TextAsync(CancellationToken cancel) => TokenCommand.RunAsync(this, cancel);
    }

    public async Task<string> ReadAsync(CancellationToken cancel)
    {
        var text = (await TextAsync(cancel)).Trim();
        var token = text.StartsWith('{') ? FromExecCredential(text) : text;
        return token.Length > 0 && token.All(c => char.IsBetween(c, (char)0x21, (char)0x7e))
            ? token
            : throw Failure.NotSignedIn($"{Origin} holds no token", "no-token", "it must be the bearer token alone");
    }

    // A record prints its members by default, including the token.
    public sealed override string ToString() => Origin;

    protected abstract Task<string> TextAsync(CancellationToken cancel);

    /// <summary>Reads the output of kubectl's credential plugins (client.authentication.k8s.io).</summary>
    private static string FromExecCredential(string json)
    {
        try
        {
            var credential = JsonElement.Parse(json);
            return credential.GetProperty("status").GetProperty("token").GetString() ?? "";
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }
}
