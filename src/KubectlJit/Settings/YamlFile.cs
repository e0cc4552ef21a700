using JitFunctions.KubectlJit.Terminal;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.KubectlJit.Settings;

/// <summary>A YAML file, or a JSON file, read without reflection. Errors name the file and the line.</summary>
/// <param name="Code">The error code for this kind of file.</param>
internal sealed record YamlFile(string Path, string Code)
{
    /// <returns>Null when the file is empty.</returns>
    public YamlNode? Root()
    {
        try
        {
            using var reader = File.OpenText(Path);
            var stream = new YamlStream();
            stream.Load(reader);
            return stream.Documents switch
            {
                [] => null,
                [var only] => only.RootNode,
                [_, var next, ..] => throw Wrong(next.RootNode, "a second document begins here", "write one document"),
            };
        }
        catch (YamlException broken)
        {
            throw new Failure(
                ExitCode.Usage,
                $"{Path}:{broken.Start.Line}: {broken.Message}",
                Code,
                "correct the YAML",
                broken
            );
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new Failure(
                ExitCode.Usage,
                $"cannot read {Path}: {unreadable.Message}",
                Code,
                "correct its name or its permissions",
                unreadable
            );
        }
    }

    public Failure Wrong(YamlNode node, string what, string remedy) =>
        new(ExitCode.Usage, $"{Path}:{node.Start.Line}: {what}", Code, remedy);
}
