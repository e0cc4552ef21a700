namespace JitFunctions.EmbeddedHost.Nodes;

/// <summary>
/// One registration of this process as a node. When it is lost, the process registers anew under another number.
/// </summary>
/// <param name="GiveUp">Ends the session, and frees all that it owns.</param>
/// <param name="Lost">Others may do this node's work by now: whatever it still does is void.</param>
/// <param name="Ending">Lost, or the host is stopping: no new work.</param>
internal sealed record NodeSession(int NodeId, Action GiveUp, CancellationToken Lost, CancellationToken Ending);
