namespace JitFunctions.LocalStack;

/// <summary>The demo cannot continue.</summary>
internal sealed class DemoFailure(string message) : Exception(message);
