using JitFunctions.Domain.Policies;

namespace JitFunctions.Functions.Policies;

public sealed record PolicySourceText(IReadOnlyList<PolicyFileText> Files, string Publisher, string Source);

public sealed class PolicySource(string path)
{
    public async Task<PolicySourceText> ReadAsync(CancellationToken cancellation)
    {
        var files = new List<PolicyFileText>();
        foreach (var file in System.IO.Directory.Exists(path) ? System.IO.Directory.GetFiles(path, "*.yaml") : [path])
            files.Add(new(Path.GetFileName(file), await File.ReadAllTextAsync(file, cancellation)));
        return new(files, "unknown", path);
    }
}
