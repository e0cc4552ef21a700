namespace JitFunctions.KubectlJit.Commands;

/// <summary>A command that prints rows, and so can print CSV.</summary>
internal interface IListCommand;
