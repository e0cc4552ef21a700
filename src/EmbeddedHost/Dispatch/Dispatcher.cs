using JitFunctions.EmbeddedHost.Nodes;
using JitFunctions.EmbeddedHost.Settings;
using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Worker;
using Microsoft.Extensions.Options;

namespace JitFunctions.EmbeddedHost.Dispatch;

/// <summary>Gives the orchestrations and activities of a node their work.</summary>
internal sealed class Dispatcher(
    WorkQueue queue,
    TurnWorker turns,
    ActivityWorker activities,
    FunctionWorker worker,
    IOptions<EmbeddedHostOptions> options,
    WakeUp wake
) : INodeTask
{
    public IEnumerable<Task> Run(NodeSession session) =>
        [new DispatchLoop(session, queue, turns, activities, worker.Functions, options.Value, wake).RunAsync()];
}
