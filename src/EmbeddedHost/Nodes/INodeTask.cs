namespace JitFunctions.EmbeddedHost.Nodes;

/// <summary>Something that a node does as long as it is one.</summary>
internal interface INodeTask
{
    /// <returns>Tasks that end with the session. One that fails ends it.</returns>
    IEnumerable<Task> Run(NodeSession session);
}
