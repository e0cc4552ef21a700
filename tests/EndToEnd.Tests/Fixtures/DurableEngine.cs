using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>
/// What runs the orchestrations, behind the function app's back: for sabotage, and to look for what must not be there.
/// This is the one part of these tests that knows which host they run on.
/// </summary>
internal abstract class DurableEngine
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static DurableEngine Of(LocalPlatform platform) =>
        platform.Storage is { } storage
            ? new AzureEngine(storage, platform.TaskHub)
            : new EmbeddedEngine(platform.Database);

    /// <summary>As if the instance had never been started.</summary>
    public abstract Task DeleteAsync(string instance);

    /// <summary>It ends without having done its work.</summary>
    public abstract Task TerminateAsync(string instance);

    public abstract Task<bool> IsRunningAsync(string instance);

    /// <summary>All that the engine keeps, of every instance, as text.</summary>
    public abstract IAsyncEnumerable<string> ContentsAsync();

    public async Task<bool> MentionsAsync(string text) =>
        await ContentsAsync().AnyAsync(row => row.Contains(text, StringComparison.OrdinalIgnoreCase), Cancellation);
}
