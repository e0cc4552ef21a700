using JitFunctions.LocalStack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Container.Tests.Image;

/// <summary>
/// Serves one image, as far as pulling needs it:
/// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull.
/// </summary>
internal sealed class BaseRegistry : IAsyncDisposable
{
    private readonly WebApplication _site;

    private BaseRegistry(BaseImage image)
    {
        var blobs = new[] { image.Configuration, image.Layer }.ToDictionary(BaseImage.Digest);
        _site = LoopbackSite.Build(new Uri($"http://{Host}"));
        _site.MapMethods("/v2/", ["GET"], () => Results.Ok());
        // By its digest only: a build that asks for the tag finds nothing.
        var digest = BaseImage.Digest(image.Manifest);
        ImageName = $"{Host}/base:test@{digest}";
        _site.MapMethods(
            $"/v2/base/manifests/{digest}",
            ["GET", "HEAD"],
            (HttpResponse answer) =>
            {
                answer.Headers["Docker-Content-Digest"] = digest;
                return Results.Bytes(image.Manifest, BaseImage.ManifestType);
            }
        );
        _site.MapMethods(
            "/v2/base/blobs/{blob}",
            ["GET", "HEAD"],
            (string blob) =>
                blobs.TryGetValue(blob, out var content)
                    ? Results.Bytes(content, "application/octet-stream")
                    : Results.NotFound()
        );
    }

    public string Host { get; } = $"127.0.0.1:{FreePort.Next()}";

    public string ImageName { get; }

    public static async Task<BaseRegistry> StartAsync(BaseImage image, CancellationToken cancellation)
    {
        var registry = new BaseRegistry(image);
        await registry._site.StartAsync(cancellation);
        return registry;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
