using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Proofs;

/// <summary>
/// Reads one policy file. Names are compared as they are written; that they are read as UTF-8 does not matter, because
/// other bytes are refused.
/// </summary>
internal sealed class TlogPolicyReader
{
    private const string NoQuorum = "none";

    private readonly List<PolicyLog> _logs = [];
    private readonly Dictionary<string, PolicyWitness> _witnesses = [];
    private readonly Dictionary<string, WitnessRule> _rules = [];

    // A witness or group that is a member of a group already: each may count in one way only.
    private readonly HashSet<string> _members = [];
    private WitnessRule? _quorum;

    /// <exception cref="FormatException">It is not a policy.</exception>
    public TlogPolicy Read(ReadOnlySpan<byte> file)
    {
        var text = StrictUtf8.GetString(file);
        if (text is not "" && !text.EndsWith('\n'))
            throw new FormatException("The last line of the policy has no line feed.");
        var number = 0;
        foreach (var line in text.Split('\n')[..^1])
        {
            number++;
            try
            {
                if (line.Any(c => c is (< ' ' and not '\t') or '\x7f'))
                    throw new FormatException("The only control characters in a policy are tab and line feed.");
                var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
                if (words is [var first, ..] && !first.StartsWith('#'))
                    Read(words);
            }
            catch (FormatException e)
            {
                throw new FormatException($"line {number}: {e.Message}", e);
            }
        }

        return new(
            _logs,
            _witnesses,
            _quorum ?? throw new FormatException("The policy has no line 'quorum NAME' or 'quorum none'.")
        );
    }

    private void Read(string[] words)
    {
        switch (words)
        {
            case ["log", var vkey]:
                AddLog(vkey, null);
                break;
            case ["log", var vkey, var url]:
                AddLog(vkey, url);
                break;
            case ["witness", var name, var vkey]:
                AddWitness(name, vkey, null);
                break;
            case ["witness", var name, var vkey, var url]:
                AddWitness(name, vkey, url);
                break;
            case ["group", var name, var least, _, ..]:
                AddGroup(name, least, words[3..]);
                break;
            case ["quorum", var name]:
                if (_quorum is not null)
                    throw new FormatException("A policy has one quorum.");
                _quorum = name is NoQuorum ? new WitnessRule.None() : Rule(name);
                break;
            default:
                throw new FormatException(
                    $"'{words[0]}' is not a line of a policy, or its words are too few or too many."
                );
        }
    }

    private void AddLog(string vkey, string? url)
    {
        var key = VerifierKey.Parse(vkey);
        if (key.Type is SignatureType.Cosignature)
            throw new FormatException("The key is that of a witness, not of a log.");
        if (_logs.Any(log => log.Key.HasSameBytesAs(key)))
            throw new FormatException("Another log has the same key.");
        _logs.Add(new(key, url));
    }

    private void AddWitness(string name, string vkey, string? url)
    {
        var key = VerifierKey.Parse(vkey);
        if (key.Type is not SignatureType.Cosignature)
            throw new FormatException("The key of a witness has the type 0x04.");
        if (_witnesses.Values.Any(witness => witness.Key.HasSameBytesAs(key)))
            throw new FormatException("Another witness has the same key.");
        Define(name, new WitnessRule.One(name));
        _witnesses.Add(name, new(key, url));
    }

    private void AddGroup(string name, string least, string[] members)
    {
        var count = least switch
        {
            "any" => 1,
            "all" => members.Length,
            _ => StrictDecimal.TryParse(least, out var k) && k >= 1 && k <= members.Length
                ? (int)k
                : throw new FormatException($"A group needs all, any, or 1 to {members.Length} of its members."),
        };
        var rules = members.Select(Rule).ToList();
        if (members.FirstOrDefault(member => !_members.Add(member)) is { } twice)
            throw new FormatException($"'{twice}' is a member of a group already.");
        Define(name, new WitnessRule.Group(count, rules));
    }

    private WitnessRule Rule(string name) =>
        _rules.TryGetValue(name, out var rule) ? rule : throw new FormatException($"No line above defines '{name}'.");

    private void Define(string name, WitnessRule rule)
    {
        if (name is NoQuorum || !_rules.TryAdd(name, rule))
            throw new FormatException($"The name '{name}' is taken.");
    }
}
