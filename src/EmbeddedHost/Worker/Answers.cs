using System.Text.Json;
using Google.Protobuf;
using JitFunctions.EmbeddedHost.Protocol;
using Microsoft.DurableTask.Protobuf;

namespace JitFunctions.EmbeddedHost.Worker;

/// <summary>Reads the worker's response to an invocation.</summary>
internal static class Answers
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public static bool Succeeded(this InvocationResponse response) =>
        response.Result.Status == StatusResult.Types.Status.Success;

    /// <summary>What an activity returned, as JSON; null when it returned nothing.</summary>
    public static string? AsJson(this TypedData? data) =>
        data?.DataCase switch
        {
            TypedData.DataOneofCase.String => JsonSerializer.Serialize(data.String),
            TypedData.DataOneofCase.Json => data.Json,
            TypedData.DataOneofCase.Bytes => JsonSerializer.Serialize(data.Bytes.ToBase64()),
            _ => null,
        };

    /// <summary>
    /// The reason why an invocation failed. The Durable extension puts the details of an activity's failure into the
    /// message as JSON.
    /// </summary>
    public static TaskFailureDetails Failure(this InvocationResponse response)
    {
        var exception = response.Result.Exception ?? new RpcException { Message = "The worker did not say why." };
        try
        {
            return Parser.Parse<TaskFailureDetails>(exception.Message);
        }
        catch (Exception notDetails) when (notDetails is InvalidProtocolBufferException or InvalidJsonException)
        {
            return new TaskFailureDetails
            {
                ErrorType = exception.Type,
                ErrorMessage = exception.Message,
                StackTrace = exception.StackTrace,
            };
        }
    }
}
