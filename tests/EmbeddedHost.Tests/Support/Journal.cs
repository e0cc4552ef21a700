using System.Collections.Concurrent;

namespace JitFunctions.EmbeddedHost.Tests.Support;

/// <summary>Where functions note what they did, for the test to read.</summary>
public sealed class Journal
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Note(string line) => _lines.Enqueue(line);
}
