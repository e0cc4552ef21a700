namespace JitFunctions.KubectlJit.Output;

internal static class Scopes
{
    private const string Algorithm = "sha256:";
    private const int ShortDigits = 12;

    /// <summary>A short form for people to compare: the algorithm and the first digits.</summary>
    public static string Short(string scope) =>
        scope.StartsWith(Algorithm, StringComparison.Ordinal) && scope.Length > Algorithm.Length + ShortDigits
            ? scope[..(Algorithm.Length + ShortDigits)]
            : scope;
}
