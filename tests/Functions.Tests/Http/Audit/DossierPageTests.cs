using System.Text;
using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Dossiers;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Http.Audit;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Tests.Http.Audit;

public sealed class DossierPageTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&<img src=x onerror=y>";

    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Names_and_texts_of_others_cannot_add_markup_to_a_page()
    {
        var requested = new AccessRequestEvent.Requested(
            new("issuer#a", Hostile),
            [Hostile],
            new(
                new Scope("demo", ["payments"], ClusterWide: false, new RoleRef(RoleKind.ClusterRole, Hostile)),
                TimeSpan.FromHours(1),
                Hostile,
                Hostile
            ),
            new PolicySnapshot(Hostile, "sha256:1", Automatic: false, [Hostile], 1, TimeSpan.FromHours(4)),
            Noon,
            "f",
            Noon
        );
        var reviewed = new AccessRequestEvent.Reviewed(
            new("issuer#b", Hostile),
            Verdict.Deny,
            Hostile,
            Noon,
            Hostile,
            [Hostile]
        );
        var dossier = Dossier.Of(
            "3f9k2m7xq0ab",
            [new(1, Hostile, requested, 7), new(2, "request_reviewed", reviewed, null)],
            new(),
            new(),
            "root",
            null,
            [new(SealGapKind.NoActionFeed, Hostile)],
            new(20, Hostile)
        );
        var body = new MemoryStream();

        await DossierPage.WriteAsync(dossier, Actions(), body, TestContext.Current.CancellationToken);

        var page = Encoding.UTF8.GetString(body.ToArray());
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("arrived after the seal", page, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", DossierPage.ContentSecurityPolicy, StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<DossierAction> Actions()
    {
        await Task.Yield();
        yield return new(
            new(
                "demo",
                "00aa",
                Hostile,
                AuditStage.ResponseComplete,
                Noon,
                Noon,
                AttributionKind.Exact,
                ["3f9k2m7xq0ab"],
                [],
                Hostile,
                null,
                "get",
                "",
                "pods",
                "payments",
                Hostile,
                "/",
                200,
                null,
                [],
                Hostile,
                Hostile
            ),
            default,
            IsLate: true
        );
    }
}
