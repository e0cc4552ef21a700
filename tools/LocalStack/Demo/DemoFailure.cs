namespace JitFunctions.LocalStack;

/// <summary>What happened leaves the demo nothing to continue with.</summary>
internal sealed class DemoFailure(string message) : Exception(message);
