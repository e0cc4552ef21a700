using JitFunctions.Domain.Policies;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.PolicyReading;

/// <summary>Reads all files, one after the other, into one set.</summary>
internal sealed class SetReader
{
    private readonly UniqueNames _names = new("policies and denials each need a name of their own");
    private readonly UniqueNames _accounts = new("an account belongs to one human, and is in one list");
    private readonly List<string> _administrators = [];
    private readonly List<string> _auditors = [];
    private readonly List<IReadOnlyList<string>> _people = [];
    private readonly List<Denial> _denials = [];
    private readonly List<AccessPolicy> _policies = [];

    public IReadOnlyList<string> Administrators => [.. _administrators.Distinct()];

    public IReadOnlyList<string> Auditors => [.. _auditors.Distinct()];

    public IReadOnlyList<IReadOnlyList<string>> People => _people;

    public IReadOnlyList<Denial> Denials => _denials;

    public IReadOnlyList<AccessPolicy> Policies => _policies;

    /// <summary>Null if no file sets it.</summary>
    public OpenRequestLimits? OpenRequests { get; private set; }

    public void Read(YamlNode root, PolicyErrors errors)
    {
        var fields = new YamlFields(
            root,
            "the file",
            ["administrators", "auditors", "people", "openRequests", "denials", "policies"],
            errors
        );
        _administrators.AddRange(fields.Texts("administrators", TextForm.Who, mayBeEmpty: true));
        _auditors.AddRange(fields.Texts("auditors", TextForm.Who, mayBeEmpty: true));
        _people.AddRange(fields.Items("people", mayBeEmpty: true).Select(item => Person(item, fields, errors)));
        if (fields.Mapping("openRequests", ["perPerson", "total"]) is { } limits)
            ReadLimits(limits, fields);
        _denials.AddRange(
            fields.Items("denials", mayBeEmpty: true).Select(item => DenialReader.Read(item, _names, errors))
        );
        _policies.AddRange(
            fields.Items("policies", mayBeEmpty: true).Select(item => PolicyReader.Read(item, _names, errors))
        );
    }

    private void ReadLimits(YamlFields limits, YamlFields file)
    {
        if (OpenRequests is not null)
        {
            file.Error("openRequests", "'openRequests' stands in another file already: it is for all of them.");
            return;
        }

        limits.Check(
            limits.Has("perPerson") || limits.Has("total"),
            "'openRequests' needs 'perPerson', 'total' or both."
        );
        var perPerson = limits.Number("perPerson", 1, OpenRequestLimits.Most) ?? OpenRequestLimits.Default.PerPerson;
        OpenRequests = new(
            perPerson,
            limits.Number("total", 1, OpenRequestLimits.Most) ?? OpenRequestLimits.Default.Total
        );
    }

    private IReadOnlyList<string> Person(YamlNode node, YamlFields fields, PolicyErrors errors)
    {
        if (node is not YamlSequenceNode { Children: { Count: > 1 } items })
        {
            errors.Add(node.Start, "'people' holds lists, each with all accounts of one human: two at least.");
            return [];
        }

        List<string> accounts = [];
        foreach (var item in items)
        {
            if (fields.Text(item, "people", TextForm.Who) is not { } account)
                continue;
            _accounts.Claim(account, item.Start, errors);
            accounts.Add(account);
        }

        return accounts;
    }
}
