using JitFunctions.LocalStack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Container.Tests.Image;

/// <summary>
/// Serves one image, as far as pulling needs it: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull.
/// </summary>
internal sealed class BaseRegistry : IAsyncDisposable
{
    private readonly WebApplication _site;

    private BaseRegistry(BaseImage image)
    {
        var blobs = new[] { image.Configuration, image.Layer }.ToDictionary(BaseImage.Digest);
        _site = LoopbackSite.Build(new Uri($"http://{Host}"));
        _site.MapMethods("/v2/", ["GET"], () => Results.Ok());
        _site.MapMethods("/v2/base/manifests/{reference}", ["GET", "HEAD"], (HttpResponse answer) =>
        {
            answer.Headers["Docker-Content-Digest"] = BaseImage.Digest(image.Manifest);
            return Results.Bytes(image.Manifest, BaseImage.ManifestType);
        });
        _site.MapMethods("/v2/base/blobs/{digest}", ["GET", "HEAD"], (string digest) =>
            blobs.TryGetValue(digest, out var blob) ? Results.Bytes(blob, "application/octet-stream") : Results.NotFound());
    }

    public string Host { get; } = $"127.0.0.1:{FreePort.Next()}";

    public string ImageName => $"{Host}/base:test";

    public static async Task<BaseRegistry> StartAsync(BaseImage image, CancellationToken cancellation)
    {
        var registry = new BaseRegistry(image);
        await registry._site.StartAsync(cancellation);
        return registry;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
