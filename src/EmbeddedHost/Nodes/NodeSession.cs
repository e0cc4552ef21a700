namespace JitFunctions.EmbeddedHost.Nodes;

/// <summary>
/// One registration of this process as a node. When it is lost, the process registers again under a new number.
/// </summary>
/// <param name="GiveUp">Ends the session and frees all work that it owns.</param>
/// <param name="Lost">
/// Cancelled when other nodes may have taken over this node's work. Results that it produces afterwards are rejected.
/// </param>
/// <param name="Ending">Cancelled when the session is lost or the host is stopping. The node takes no new work.</param>
internal sealed record NodeSession(int NodeId, Action GiveUp, CancellationToken Lost, CancellationToken Ending);
