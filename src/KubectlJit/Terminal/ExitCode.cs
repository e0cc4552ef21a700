namespace JitFunctions.KubectlJit.Terminal;

/// <summary>Scripts rely on these numbers, so their meaning must not change.</summary>
internal enum ExitCode
{
    Ok = 0,
    Unexpected = 1,
    Usage = 2,
    Refused = 3,
    NotFound = 4,
    WrongState = 5,
    NotGranted = 6,
    TimedOut = 7,
    NotSignedIn = 8,
    Unreachable = 9,
    Interrupted = 130,
}

internal static class ExitCodes
{
    public const string Help = """
        Exit codes:
          0    done
          1    unexpected error, policy files that are not valid, or a record that is not
               proven
          2    wrong usage, wrong configuration, or a request the server calls invalid
          3    refused by policy, or not allowed
          4    not found
          5    wrong state, or changed meanwhile
          6    denied, lapsed, withdrawn, failed or ended while waiting
          7    timed out while waiting
          8    not signed in
          9    server unreachable or unavailable
          130  interrupted
        """;
}
