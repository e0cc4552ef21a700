using Grpc.Core;
using Grpc.Core.Interceptors;
using JitFunctions.EmbeddedHost.Worker;

namespace JitFunctions.EmbeddedHost.Sidecar;

/// <summary>
/// Allows only the durable clients of this process's worker to call the sidecar. Calls that this host does not support
/// fail with a message that names them.
/// </summary>
internal sealed class WorkerOnly(HostEndpoint endpoint) : Interceptor
{
    private const string TaskHubHeader = "durable-taskhub";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        Admit(context);
        try
        {
            return await continuation(request, context);
        }
        catch (RpcException missing) when (IsMissing(missing))
        {
            throw Missing(context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        Admit(context);
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (RpcException missing) when (IsMissing(missing))
        {
            throw Missing(context);
        }
    }

    private static bool IsMissing(RpcException refusal) =>
        refusal is { StatusCode: StatusCode.Unimplemented, Status.Detail: "" };

    private static RpcException Missing(ServerCallContext context) =>
        new(
            new Status(
                StatusCode.Unimplemented,
                "The embedded host does not have the call "
                    + $"{context.Method[(context.Method.LastIndexOf('/') + 1)..]} of Durable Task."
            )
        );

    private void Admit(ServerCallContext context)
    {
        if (!endpoint.IsSecret(context.RequestHeaders.GetValue(TaskHubHeader)))
            throw new RpcException(
                new Status(StatusCode.PermissionDenied, "Only the worker of this process may call.")
            );
    }
}
