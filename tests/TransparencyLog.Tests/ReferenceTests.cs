using JitFunctions.TransparencyLog.Merkle;

namespace JitFunctions.TransparencyLog.Tests;

public sealed class ReferenceTests
{
    /// <summary>It is compiled into the plugin of an auditor, who has to be able to read all of it.</summary>
    [Fact]
    public void The_library_refers_to_nothing_but_the_base_library_and_ed25519() =>
        Assert.Each(
            typeof(TreeHash).Assembly.GetReferencedAssemblies(),
            reference =>
                Assert.True(
                    reference.Name is "BouncyCastle.Cryptography"
                        || reference.Name!.StartsWith("System", StringComparison.Ordinal),
                    reference.Name
                )
        );
}
