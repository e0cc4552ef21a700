namespace JitFunctions.Infrastructure.Tests;

/// <summary>The templates in a folder of their own, as the compiler writes its predictions beside them.</summary>
internal sealed class TemplateCopy : IDisposable
{
    public TemplateCopy()
    {
        foreach (var file in Directory.GetFiles(BicepCompiler.Templates, "*.*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Folder, Path.GetRelativePath(BicepCompiler.Templates, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("jit-bicep-").FullName;

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
