namespace JitFunctions.Functions.Tests.AppIdentity;

/// <summary>Tests of one collection run one after another: these change what the whole process has in its environment.</summary>
internal static class ProcessEnvironment
{
    public const string Collection = "environment of the process";
}
