namespace JitFunctions.Functions.Tests.Platform.AppIdentity;

/// <summary>
/// These change what the whole process has in its environment, so they run one after another and while no other test
/// does: others start processes, which would inherit it.
/// </summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class ProcessEnvironment
{
    public const string Collection = "environment of the process";
}
