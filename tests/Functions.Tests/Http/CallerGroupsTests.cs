using JitFunctions.Domain.Identity;
using JitFunctions.Functions.Http;
using JitFunctions.Functions.Http.Requests;
using JitFunctions.Functions.Platform.Directory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitFunctions.Functions.Tests.Http;

/// <summary>Groups that cannot be told are never none.</summary>
public sealed class CallerGroupsTests
{
    private static readonly Principal Alice = new("issuer#alice", "alice@example.com");
    private static readonly Membership InDevs = Membership.Of(["devs"]);
    private static readonly Membership Gone = Membership.None("The directory knows nobody called alice@example.com.");
    private static readonly Membership Unknown = Membership.Unknown(
        "The groups of alice@example.com cannot be told now: Microsoft Graph does not answer."
    );

    public static readonly TheoryData<string, string[]?, bool, Membership?, string[]?, string?, string> Table = new()
    {
        // what the token lists, whether there is a directory and what it says; the groups, or the problem
        { "listed", ["ops"], false, null, ["ops"], null, nameof(SubmitRequest) },
        { "listed, and the directory is not asked", ["ops"], true, null, ["ops"], null, nameof(SubmitRequest) },
        { "listed as none", [], true, null, [], null, nameof(SubmitRequest) },
        { "unlisted", null, true, InDevs, ["devs"], null, nameof(SubmitRequest) },
        { "unlisted, nobody of that name", null, true, Gone, null, "not-allowed", nameof(SubmitRequest) },
        { "unlisted, no answer", null, true, Unknown, null, "indeterminate", nameof(SubmitRequest) },
        { "unlisted, no directory", null, false, null, null, "groups-overage", nameof(SubmitRequest) },
        {
            "unlisted, no directory, revoke",
            null,
            false,
            null,
            null,
            "groups-overage",
            nameof(RequestCommands.RevokeGrant)
        },
        { "unlisted, no directory, withdraw", null, false, null, [], null, nameof(RequestCommands.WithdrawRequest) },
        { "unlisted, no directory, whoami", null, false, null, [], null, nameof(WhoAmI) },
        { "unlisted, in no group, whoami", null, true, Membership.Of([]), [], null, nameof(WhoAmI) },
        {
            "unlisted, the directory is not asked, relinquish",
            null,
            true,
            null,
            [],
            null,
            nameof(RequestCommands.RelinquishGrant)
        },
    };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public async Task Groups_come_from_the_token_or_from_the_directory_or_the_call_is_refused(
        string when,
        string[]? listed,
        bool hasDirectory,
        Membership? membership,
        string[]? expected,
        string? code,
        string function
    )
    {
        var options = new DirectoryOptions
        {
            Graph = new() { Endpoint = hasDirectory ? new("https://graph.microsoft.com") : null },
        };
        var (groups, areKnown, problem) = await new CallerGroups(new Answering(membership), options).OfAsync(
            new(Alice, listed, null, DateTimeOffset.MaxValue),
            function,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(expected, groups);
        Assert.Equal((when, expected is not null && (listed ?? membership?.Groups) is not null), (when, areKnown));
        Assert.Equal(
            (when, code),
            (when, (problem as ProblemHttpResult)?.ProblemDetails.Extensions["code"]?.ToString())
        );
    }

    private sealed class Answering(Membership? answer) : IDirectory
    {
        public Task<Membership> MembershipOfAsync(Principal person, CancellationToken cancellation) =>
            Task.FromResult(answer ?? throw new InvalidOperationException("The directory is not to be asked."));

        public Task<Membership> MembershipOfAccountAsync(string username, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }
}
