using System.Net;

namespace JitFunctions.Functions.Platform.Directory;

/// <summary>
/// Checks whether a group that a policy names by its object id exists in Microsoft Graph. Wire format:
/// https://learn.microsoft.com/graph/api/group-get, for which GroupMember.Read.All is enough.
/// </summary>
public sealed class GraphGroups(GraphClient graph)
{
    /// <exception cref="UnclearAnswerException">It cannot be determined now.</exception>
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
            // Graph answers this for a text that is not an object id; people's groups are object ids only.
            return false;
        }
    }
}
