using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Prints what a person may request under one policy.</summary>
internal sealed class OfferDetails(Fields fields)
{
    public void Write(PolicyOffer offer)
    {
        fields.Line("Policy", Words.At(offer.Policy, offer.Source));
        fields.Text("Clusters", string.Join(", ", offer.Clusters ?? []));
        fields.Text("Namespaces", string.Join(", ", offer.Namespaces ?? []));
        fields.Text("  labelled", Words.Of(offer.NamespaceLabels));
        if (offer.ClusterWide)
            fields.Line("Cluster-wide", "yes");
        fields.Text("Roles", Words.Of(offer.Roles));
        foreach (var rule in offer.Rules ?? [])
            fields.Text("Rules within", RuleText.Of(rule));
        fields.Line("Duration", Duration(offer));
        fields.Text("Hours", Words.Of(offer.Hours));
        fields.Text("Start ahead", Words.Of(offer.ScheduledStart));
        fields.Text("Reason like", Words.Of(offer.Reason));
        fields.Text("Ticket like", Words.Of(offer.Ticket));
        fields.Text("Approval", Words.Approval(offer.Automatic, offer.Requirements));
        fields.Text("Break-glass", Words.Of(offer.BreakGlass));
        fields.Text("Extension", Words.Of(offer.Extension));
    }

    private static string? Duration(PolicyOffer offer) =>
        (offer.MaxDuration, offer.DefaultDuration) switch
        {
            ({ } most, { } usual) => $"at most {most}, {usual} by default",
            ({ } most, null) => $"at most {most}",
            (null, { } usual) => $"{usual} by default",
            _ => null,
        };
}
