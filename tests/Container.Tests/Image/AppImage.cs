using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

[assembly: AssemblyFixture(typeof(JitFunctions.Container.Tests.Image.AppImage))]

namespace JitFunctions.Container.Tests.Image;

/// <summary>
/// The product's image, built by the SDK as the documentation says, on a stand-in for its base, and written to a file.
/// </summary>
public sealed class AppImage : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();

    /// <summary>
    /// What a registry would hold of it: https://github.com/opencontainers/image-spec/blob/main/config.md.
    /// </summary>
    public JsonNode Configuration { get; private set; } = new JsonObject();

    /// <summary>Its <c>config</c>: user, environment, entry point, ports, labels.</summary>
    public JsonObject Run => Configuration["config"]!.AsObject();

    /// <summary>What the project adds to the base.</summary>
    public IReadOnlyList<TarEntry> AppFiles { get; private set; } = [];

    public IReadOnlyList<TarEntry> BaseFiles { get; private set; } = [];

    /// <summary>All layers, unpacked.</summary>
    public string Root => _folder.Combine("root");

    public async ValueTask InitializeAsync()
    {
        var archive = _folder.Combine("image.tar.gz");
        var cancellation = TestContext.Current.CancellationToken;
        await using (
            var registry = await BaseRegistry.StartAsync(await BaseImage.MakeAsync(cancellation), cancellation)
        )
            await PublishAsync(registry, archive, cancellation);
        var image = _folder.Combine("image");
        Directory.CreateDirectory(image);
        await using (var content = OpenTar(archive))
            await TarFile.ExtractToDirectoryAsync(content, image, overwriteFiles: false, cancellation);

        var index = await JsonAsync(Path.Combine(image, "index.json"));
        var manifest = await JsonAsync(Blob(index["manifests"]!.AsArray().Single()!));
        Configuration = await JsonAsync(Blob(manifest["config"]!));
        Directory.CreateDirectory(Root);
        var layers = manifest["layers"]!.AsArray().Select(layer => Blob(layer!)).ToList();
        foreach (var layer in layers)
            (await Command.RunAsync("tar", ["-xpf", layer, "-C", Root], cancellation: cancellation)).OrThrow("tar");
        BaseFiles = await EntriesAsync(layers[0]);
        AppFiles = [.. (await Task.WhenAll(layers.Skip(1).Select(EntriesAsync))).SelectMany(entries => entries)];

        string Blob(JsonNode descriptor) =>
            Path.Combine(image, "blobs", ((string)descriptor["digest"]!).Replace(':', '/'));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task PublishAsync(BaseRegistry registry, string archive, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "publish",
            Repository.Combine("src", "Functions"),
            "--configuration",
            "Release",
            "--no-build",
            "--verbosity",
            "quiet",
            "-t:PublishContainer",
            $"-p:ContainerBaseImage={registry.ImageName}",
            $"-p:ContainerArchiveOutputPath={archive}",
            $"-p:PublishDir={_folder.Combine("publish")}/",
        ];
        Directory.CreateDirectory(_folder.Combine("tmp"));
        var environment = new Dictionary<string, string?>
        {
            ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry.Host,
            ["MSBUILDDISABLENODEREUSE"] = "1",
            // Where the SDK keeps layers that it has pulled.
            ["TMPDIR"] = _folder.Combine("tmp"),
            ["NO_PROXY"] = "127.0.0.1",
        };
        (await Command.RunAsync("dotnet", arguments, environment, cancellation: cancellation)).OrThrow(
            "dotnet publish"
        );
    }

    private static async Task<JsonNode> JsonAsync(string file) => JsonNode.Parse(await File.ReadAllBytesAsync(file))!;

    private static async Task<IReadOnlyList<TarEntry>> EntriesAsync(string layer)
    {
        List<TarEntry> entries = [];
        await using var content = OpenTar(layer);
        await using var reader = new TarReader(content);
        while (await reader.GetNextEntryAsync() is { } entry)
            entries.Add(entry);
        return entries;
    }

    private static Stream OpenTar(string file)
    {
        var content = File.OpenRead(file);
        var isCompressed = content.ReadByte() == 0x1f;
        content.Position = 0;
        return isCompressed ? new GZipStream(content, CompressionMode.Decompress) : content;
    }
}
