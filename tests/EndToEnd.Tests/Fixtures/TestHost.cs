using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>Which host the tests run on, by the environment: see docs/hosting.md.</summary>
public static class TestHost
{
    /// <summary>
    /// For what only the embedded host does; whatever is skipped says what the Functions host does instead.
    /// </summary>
    public static bool IsEmbedded => Command == HostCommand.Embedded;

    /// <exception cref="InvalidOperationException">There is no such host, or nothing says how to start it: then nothing
    /// is tested.</exception>
    public static HostCommand Command =>
        Environment.GetEnvironmentVariable("JIT_TEST_HOST") switch
        {
            null or "" or "embedded" => HostCommand.Embedded,
            "azure" => Environment.GetEnvironmentVariable("JIT_FUNCTIONS_HOST") is { } command
            && !string.IsNullOrWhiteSpace(command)
                ? HostCommand.Azure(command)
                : throw new InvalidOperationException(
                    "Nothing was tested: JIT_TEST_HOST is azure, and JIT_FUNCTIONS_HOST does not say how to "
                        + "start the Functions host."
                ),
            var other => throw new InvalidOperationException(
                $"Nothing was tested: JIT_TEST_HOST is \"{other}\"; it can be embedded or azure."
            ),
        };
}
