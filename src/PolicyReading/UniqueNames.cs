using YamlDotNet.Core;

namespace JitFunctions.PolicyReading;

/// <summary>Names that must be unique in all files, ignoring case.</summary>
/// <param name="rule">Completes "'name' is at … already: ".</param>
internal sealed class UniqueNames(string rule)
{
    private readonly Dictionary<string, string> _places = new(StringComparer.OrdinalIgnoreCase);

    public void Claim(string name, Mark at, PolicyErrors errors)
    {
        if (!_places.TryAdd(name, errors.Place(at)))
            errors.Add(at, $"'{name}' is at {_places[name]} already: {rule}.");
    }
}
