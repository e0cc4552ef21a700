namespace JitFunctions.EmbeddedHost.Nodes;

/// <summary>Background work that a node does during a session.</summary>
internal interface INodeTask
{
    /// <returns>Tasks that end with the session. A task that fails ends the session.</returns>
    IEnumerable<Task> Run(NodeSession session);
}
