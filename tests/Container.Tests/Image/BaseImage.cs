using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.Container.Tests.Image;

/// <summary>
/// A stand-in for the base image that the project names: what an <c>aspnet:10.0-noble-chiseled-extra</c> consists of
/// (libc and OpenSSL, certificates, time zones, the .NET runtimes, no shell), taken from this machine, so that no
/// registry is needed.
/// </summary>
internal sealed class BaseImage
{
    public const int User = 1654;

    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable =
        Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Shared =
        Executable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;

    private static readonly string[] OpenSsl = ["libssl.so.3", "libcrypto.so.3"];

    private BaseImage(byte[] layer, byte[] uncompressed)
    {
        Layer = layer;
        Configuration = Bytes(
            new JsonObject
            {
                ["architecture"] = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
                ["os"] = "linux",
                ["config"] = new JsonObject
                {
                    ["User"] = $"{User}",
                    ["Env"] = new JsonArray(
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "DOTNET_RUNNING_IN_CONTAINER=true"
                    ),
                },
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(uncompressed)) },
                ["history"] = new JsonArray(new JsonObject { ["created_by"] = "test" }),
            }
        );
        Manifest = Bytes(
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = ManifestType,
                ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", Configuration),
                ["layers"] = new JsonArray(Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", Layer)),
            }
        );
    }

    public static string ManifestType => "application/vnd.oci.image.manifest.v1+json";

    public byte[] Manifest { get; }

    public byte[] Configuration { get; }

    public byte[] Layer { get; }

    public static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    public static async Task<BaseImage> MakeAsync(CancellationToken cancellation)
    {
        using var layer = new MemoryStream();
        await using (var tar = new TarWriter(layer, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var folder in new[] { "app", "dev", "etc", "proc", "run", "usr", "usr/bin", "var" })
                await AddFolderAsync(tar, folder, Executable);
            await AddFolderAsync(tar, "home/app", Executable, User);
            await AddFolderAsync(tar, "tmp", Shared);
            await AddTextAsync(
                tar,
                "etc/passwd",
                $"root:x:0:0:root:/root:/bin/false\napp:x:{User}:{User}::/home/app:/bin/false\n"
            );
            await AddTextAsync(tar, "etc/group", $"root:x:0:\napp:x:{User}:\n");
            await AddFileAsync(tar, "/etc/ssl/certs/ca-certificates.crt", Plain);
            foreach (var zone in Directory.EnumerateFiles("/usr/share/zoneinfo", "*", SearchOption.AllDirectories))
                await AddFileAsync(tar, zone, Plain);
            await AddDotnetAsync(tar, cancellation);
        }

        var uncompressed = layer.ToArray();
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(uncompressed, cancellation);
        return new(compressed.ToArray(), uncompressed);
    }

    private static async Task AddDotnetAsync(TarWriter tar, CancellationToken cancellation)
    {
        // …/shared/Microsoft.NETCore.App/10.0.x/
        var core = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory());
        var root = core.Parent!.Parent!.Parent!.FullName;
        var web = new DirectoryInfo(
            Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location)!
        );
        var host = Path.Combine(root, "dotnet");
        var resolver = Directory.EnumerateFiles(Path.Combine(root, "host", "fxr", core.Name)).Single();

        List<string> native = [host, resolver];
        await AddFileAsync(tar, host, Executable, InDotnet(host));
        await AddFileAsync(tar, resolver, Plain, InDotnet(resolver));
        foreach (var file in new[] { core, web }.SelectMany(folder => folder.EnumerateFiles()))
        {
            await AddFileAsync(tar, file.FullName, file.Extension == "" ? Executable : Plain, InDotnet(file.FullName));
            // The one that traces for LTTng does without it, as in the real base image.
            if (file.Extension == ".so" && !file.Name.Contains("traceptprovider", StringComparison.Ordinal))
                native.Add(file.FullName);
        }

        await tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.SymbolicLink, "usr/bin/dotnet") { LinkName = "/usr/share/dotnet/dotnet" },
            cancellation
        );
        foreach (var library in await LibrariesAsync(native, cancellation))
            await AddFileAsync(tar, library, Executable);

        string InDotnet(string file) => $"usr/share/dotnet/{Path.GetRelativePath(root, file)}";
    }

    /// <summary>What the loader takes for these, and what .NET opens at run time: OpenSSL.</summary>
    private static async Task<IEnumerable<string>> LibrariesAsync(
        IEnumerable<string> programs,
        CancellationToken cancellation
    )
    {
        var known = (await Command.RunAsync("/sbin/ldconfig", ["-p"], cancellation: cancellation))
            .OrThrow("ldconfig")
            .StdOut.Split('\n');
        var openSsl = OpenSsl
            .Select(name =>
                known.First(line => line.Trim().StartsWith($"{name} ", StringComparison.Ordinal)).Split("=> ")[1].Trim()
            )
            .ToList();
        var linked = (await Command.RunAsync("ldd", [.. programs, .. openSsl], cancellation: cancellation))
            .StdOut.Split('\n')
            .SelectMany(line => line.Split(' ', '\t'))
            .Where(word =>
                word.StartsWith("/lib", StringComparison.Ordinal)
                || word.StartsWith("/usr/lib", StringComparison.Ordinal)
            )
            .Where(word => !word.EndsWith(':'));
        return openSsl.Concat(linked).Distinct();
    }

    private static ValueTask AddFolderAsync(TarWriter tar, string name, UnixFileMode mode, int owner = 0) =>
        new(
            tar.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.Directory, name)
                {
                    Mode = mode,
                    Uid = owner,
                    Gid = owner,
                }
            )
        );

    private static Task AddTextAsync(TarWriter tar, string name, string text) =>
        tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                Mode = Plain,
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
            }
        );

    private static async Task AddFileAsync(TarWriter tar, string file, UnixFileMode mode, string? name = null)
    {
        await using var content = File.OpenRead(file);
        await tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, name ?? file.TrimStart('/')) { Mode = mode, DataStream = content }
        );
    }

    private static JsonObject Descriptor(string type, byte[] content) =>
        new()
        {
            ["mediaType"] = type,
            ["digest"] = Digest(content),
            ["size"] = content.Length,
        };

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
