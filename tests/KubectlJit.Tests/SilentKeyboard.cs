namespace JitFunctions.KubectlJit.Tests;

/// <summary>A person who does not answer; as at a terminal, the read goes on whatever is cancelled.</summary>
internal sealed class SilentKeyboard : TextReader
{
    private readonly ManualResetEventSlim _left = new();

    public bool IsRead { get; private set; }

    public override string? ReadLine()
    {
        IsRead = true;
        _left.Wait();
        return "y";
    }

    protected override void Dispose(bool disposing)
    {
        _left.Set();
        base.Dispose(disposing);
    }
}
