using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal static class Verbs
{
    private static readonly HashSet<string> Standard =
    [
        "*",
        "approve",
        "bind",
        "create",
        "delete",
        "deletecollection",
        "escalate",
        "get",
        "impersonate",
        "list",
        "patch",
        "proxy",
        "sign",
        "update",
        "use",
        "watch",
    ];

    /// <summary>
    /// Warns about unusual verbs as kubectl does. Other verbs exist, but a typing error is more likely and would name a
    /// right that nobody has.
    /// </summary>
    public static void Warn(Shell shell, IEnumerable<string> verbs)
    {
        foreach (var verb in verbs.Where(verb => !Standard.Contains(verb)))
            shell.Error.WriteLine(Terminal.Printable.Text($"Warning: '{verb}' is not a standard resource verb"));
    }
}
