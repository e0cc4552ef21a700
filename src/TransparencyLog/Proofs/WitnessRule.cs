namespace JitFunctions.TransparencyLog.Proofs;

/// <summary>Which witnesses have to cosign: one, or some of a group, or none.</summary>
public abstract record WitnessRule
{
    private WitnessRule() { }

    /// <param name="cosigned">The names of those who did.</param>
    public abstract bool IsMet(IReadOnlyCollection<string> cosigned);

    /// <summary>No cosignature is needed.</summary>
    public sealed record None : WitnessRule
    {
        public override bool IsMet(IReadOnlyCollection<string> cosigned) => true;
    }

    public sealed record One(string Witness) : WitnessRule
    {
        public override bool IsMet(IReadOnlyCollection<string> cosigned) => cosigned.Contains(Witness);
    }

    /// <param name="Least">How many of the members, from 1 to all.</param>
    public sealed record Group(int Least, IReadOnlyList<WitnessRule> Members) : WitnessRule
    {
        public override bool IsMet(IReadOnlyCollection<string> cosigned) =>
            Members.Count(member => member.IsMet(cosigned)) >= Least;
    }
}
