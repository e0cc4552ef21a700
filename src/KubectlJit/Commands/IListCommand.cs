namespace JitFunctions.KubectlJit.Commands;

/// <summary>A command that prints rows and therefore supports CSV.</summary>
internal interface IListCommand;
