using System.Collections.Frozen;
using Grpc.Core;
using JitFunctions.EmbeddedHost.Nodes;
using JitFunctions.EmbeddedHost.Settings;
using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Worker;
using Microsoft.DurableTask.Protobuf;

namespace JitFunctions.EmbeddedHost.Sidecar;

/// <summary>
/// Answers the calls of the app's <c>[DurableClient]</c>s in the protocol of Durable Task. <see cref="WorkerOnly"/>
/// runs before it and refuses the calls that are not implemented here.
/// </summary>
internal sealed class TaskHubSidecar(
    FunctionWorker worker,
    ClientStore store,
    InstanceQueries queries,
    Purge purge,
    HostJson hostJson,
    WakeUp wake,
    TimeProvider time
) : TaskHubSidecarService.TaskHubSidecarServiceBase
{
    private const string TraceHeader = "traceparent";
    private const int DefaultPageSize = 100;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);
    private static readonly FrozenSet<OrchestrationStatus> Finished = Statuses.Finished.ToFrozenSet();

    public override async Task<CreateInstanceResponse> StartInstance(
        CreateInstanceRequest request,
        ServerCallContext context
    )
    {
        if (!worker.Functions.Orchestrators.TryGetValue(request.Name, out var orchestrator))
            throw Refusal(StatusCode.InvalidArgument, $"There is no orchestrator '{request.Name}'.");
        var version = request.Version ?? hostJson.DefaultVersion;
        if (!HostJson.IsVersion(version))
            throw Refusal(StatusCode.InvalidArgument, $"Version '{version}' is not numeric; use for example '1.0'.");

        // A live instance is never replaced, whatever the policy says.
        var replaceable = request.OrchestrationIdReusePolicy is { } policy
            ? Finished.Intersect(policy.ReplaceableStatus)
            : Finished;
        var instance = new NewInstance(
            request.InstanceId is { Length: > 0 } given ? given : Guid.NewGuid().ToString("N"),
            orchestrator.DurableName,
            version,
            request.Input,
            request.ScheduledStartTimestamp?.ToDateTimeOffset() ?? time.GetUtcNow(),
            [.. replaceable.Select(Statuses.Write)],
            request.ParentTraceContext?.TraceParent ?? TraceOf(context)
        );
        try
        {
            await store.StartAsync(instance, wake.PeersMustHelp, context.CancellationToken);
        }
        catch (Exception refused) when (Refusals.IsExists(refused))
        {
            throw Refusal(
                StatusCode.AlreadyExists,
                $"An orchestration instance with the ID {instance.Id} already exists."
            );
        }

        wake.Signal();
        return new CreateInstanceResponse { InstanceId = instance.Id };
    }

    public override async Task<RaiseEventResponse> RaiseEvent(RaiseEventRequest request, ServerCallContext context)
    {
        await store.RaiseAsync(
            request.InstanceId,
            request.Name,
            request.Input,
            TraceOf(context),
            wake.PeersMustHelp,
            context.CancellationToken
        );
        wake.Signal();
        return new RaiseEventResponse();
    }

    public override async Task<TerminateResponse> TerminateInstance(TerminateRequest request, ServerCallContext context)
    {
        await store.TerminateAsync(request.InstanceId, request.Output, wake.PeersMustHelp, context.CancellationToken);
        wake.Signal();
        return new TerminateResponse();
    }

    public override async Task<GetInstanceResponse> GetInstance(GetInstanceRequest request, ServerCallContext context)
    {
        return Response(
            await queries.FindAsync(request.InstanceId, request.GetInputsAndOutputs, context.CancellationToken)
        );
    }

    public override Task<GetInstanceResponse> WaitForInstanceStart(
        GetInstanceRequest request,
        ServerCallContext context
    ) => WaitAsync(request, status => status != OrchestrationStatus.Pending, context);

    public override Task<GetInstanceResponse> WaitForInstanceCompletion(
        GetInstanceRequest request,
        ServerCallContext context
    ) => WaitAsync(request, Finished.Contains, context);

    public override async Task<QueryInstancesResponse> QueryInstances(
        QueryInstancesRequest request,
        ServerCallContext context
    )
    {
        var size = request.Query.MaxInstanceCount > 0 ? request.Query.MaxInstanceCount : DefaultPageSize;
        var page = await queries.ListAsync(request.Query, size, context.CancellationToken);
        return new QueryInstancesResponse
        {
            OrchestrationState = { page },
            ContinuationToken = page.Count == size ? page[^1].InstanceId : null,
        };
    }

    public override async Task<PurgeInstancesResponse> PurgeInstances(
        PurgeInstancesRequest request,
        ServerCallContext context
    )
    {
        var count = request.RequestCase switch
        {
            PurgeInstancesRequest.RequestOneofCase.InstanceId => await purge.OneAsync(
                request.InstanceId,
                context.CancellationToken
            ),
            PurgeInstancesRequest.RequestOneofCase.PurgeInstanceFilter => await purge.AllAsync(
                request.PurgeInstanceFilter,
                context.CancellationToken
            ),
            _ => throw Refusal(StatusCode.Unimplemented, $"The embedded host does not purge by {request.RequestCase}."),
        };
        return new PurgeInstancesResponse { DeletedInstanceCount = count, IsComplete = true };
    }

    private async Task<GetInstanceResponse> WaitAsync(
        GetInstanceRequest request,
        Func<OrchestrationStatus, bool> reached,
        ServerCallContext context
    )
    {
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, pause.Ticks * 2)))
        {
            var found = await queries.FindAsync(
                request.InstanceId,
                request.GetInputsAndOutputs,
                context.CancellationToken
            );
            if (found is not null && reached(found.OrchestrationStatus))
                return Response(found);
            await Task.Delay(pause, time, context.CancellationToken);
        }
    }

    private static GetInstanceResponse Response(OrchestrationState? state) =>
        new() { Exists = state is not null, OrchestrationState = state };

    private static string? TraceOf(ServerCallContext context) => context.RequestHeaders.GetValue(TraceHeader);

    private static RpcException Refusal(StatusCode code, string message) => new(new Status(code, message));
}
