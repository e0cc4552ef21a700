using System.Net;

namespace JitFunctions.Functions.Platform.Directory;

/// <summary>
/// Whether Microsoft Graph knows a group by the object id by which policies name it. Wire format:
/// https://learn.microsoft.com/graph/api/group-get, for which GroupMember.Read.All is enough.
/// </summary>
public sealed class GraphGroups(GraphClient graph)
{
    /// <exception cref="UnclearAnswerException">It cannot be told now.</exception>
    public async Task<bool> ExistsAsync(string group, CancellationToken cancellation)
    {
        try
        {
            return await graph.AskAsync(
                HttpMethod.Get,
                $"groups/{Uri.EscapeDataString(group)}?$select=id",
                null,
                cancellation
            )
                is not null;
        }
        catch (UnclearAnswerException e) when (e.Status is HttpStatusCode.BadRequest)
        {
            // So Graph answers to what is no object id, and people's groups come as object ids only.
            return false;
        }
    }
}
