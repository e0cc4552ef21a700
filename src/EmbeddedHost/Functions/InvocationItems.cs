namespace JitFunctions.EmbeddedHost.Functions;

/// <summary>Keys into <c>FunctionContext.Items</c> that the host itself uses.</summary>
internal static class InvocationItems
{
    public const string HttpContext = "HttpRequestContext";
}
