namespace JitFunctions.TransparencyLog.Exports;

/// <summary>Where an export is written: its files one after the other.</summary>
public interface IExportTarget
{
    /// <summary>A new file. The caller disposes of it before it creates the next one.</summary>
    /// <param name="name">With slashes.</param>
    Task<Stream> CreateAsync(string name, CancellationToken cancellation);
}
