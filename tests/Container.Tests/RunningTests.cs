using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JitFunctions.Container.Tests.Image;
using JitFunctions.Container.Tests.Kubernetes;
using JitFunctions.Container.Tests.Pods;
using JitFunctions.LocalStack;

namespace JitFunctions.Container.Tests;

/// <summary>
/// The image as the manifests run it, against a real database and a real API server, by its own service account.
/// </summary>
public sealed class RunningTests(AppImage image, InstalledApp installation)
{
    private const string Team = "payments";
    private static readonly Person Ann = new("ann", "ann@example.com", ["developers"]);
    private static readonly Person Leo = new("leo", "leo@example.com", ["team-leads"]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private KubernetesCluster Cluster => installation.Platform.Cluster;

    [Fact]
    public async Task A_grant_lives_in_pods_that_can_write_nothing_and_have_no_privilege()
    {
        await SkipWithoutSandboxAsync();
        (
            await Pod.RunAsync(
                image,
                Cluster,
                installation.Kubectl,
                await TemplateAsync("job", "jit-schema"),
                Cancellation
            )
        ).OrThrow("The schema job");
        await using var pod = await Pod.StartAsync(
            image,
            Cluster,
            installation.Kubectl,
            await TemplateAsync("deployment", "jit-access")
        );
        await pod.IsReadyAsync(Cancellation);
        Assert.True(await pod.ProbeAsync("livenessProbe", Cancellation));
        Assert.True(await pod.ProbeAsync("startupProbe", Cancellation));

        var terms = new
        {
            cluster = "main",
            namespaces = new[] { Team },
            role = new { kind = "ClusterRole", name = "view" },
            duration = "10m",
            reason = "look",
        };
        var id = (string)(await SendAsync(pod, Ann, "/api/requests", terms, HttpStatusCode.Created))["id"]!;
        await MayAnnLookAsync("no");
        var asked = await SendAsync(pod, Leo, $"/api/requests/{id}");
        await SendAsync(
            pod,
            Leo,
            $"/api/requests/{id}/reviews",
            new { verdict = "approve", scope = (string)asked["scope"]! }
        );
        await IsAsync(pod, id, "active");
        await MayAnnLookAsync("yes");
        await SendAsync(pod, Ann, $"/api/requests/{id}/relinquish", new { });
        await IsAsync(pod, id, "ended");
        await MayAnnLookAsync("no");

        var own = await SendAsync(
            pod,
            Ann,
            "/api/requests",
            terms with
            {
                namespaces = [InstalledApp.Namespace],
            },
            HttpStatusCode.Forbidden
        );
        Assert.Contains("this app runs there", (string?)own["detail"], StringComparison.Ordinal);

        ItIsConfined(pod);
        await pod.StopAsync();
        Assert.Contains("Application is shutting down", pod.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("denied", pod.Log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Read-only file system", pod.Log, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_reaper_does_its_work_in_such_a_pod()
    {
        await SkipWithoutSandboxAsync();
        var job = (await installation.Kubectl.ReadAsync("cronjob", "jit-reaper"))["spec"]!["jobTemplate"]!["spec"]![
            "template"
        ]!;
        (await Pod.RunAsync(image, Cluster, installation.Kubectl, job, Cancellation)).OrThrow("The reaper");
    }

    private static async Task SkipWithoutSandboxAsync()
    {
        if (await Sandbox.ObstacleAsync(Cancellation) is { } obstacle)
            Assert.Skip(
                $"The image was NOT run: this machine lets nobody make a mount namespace ({obstacle}). Run this "
                    + "as root, or with newuidmap and user namespaces."
            );
    }

    private static void ItIsConfined(Pod pod)
    {
        var status = File.ReadAllLines(pod.Kernel("status"))
            .Select(line => line.Split(':', 2))
            .ToDictionary(line => line[0], line => line[1].Trim());
        Assert.Equal(
            ("1654\t1654\t1654\t1654", "1654\t1654\t1654\t1654", ""),
            (status["Uid"], status["Gid"], status["Groups"])
        );
        Assert.Equal(
            ("0000000000000000", "0000000000000000", "1"),
            (status["CapPrm"], status["CapEff"], status["NoNewPrivs"])
        );

        // Fields: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html; the fifth is the place, the sixth
        // its options.
        var writable = File.ReadAllLines(pod.Kernel("mountinfo"))
            .Select(line => line.Split(' '))
            .Where(fields =>
                !fields[5].Split(',').Contains("ro")
                && !fields[4].StartsWith("/proc", StringComparison.Ordinal)
                && !fields[4].StartsWith("/dev/", StringComparison.Ordinal)
            );
        Assert.Equal(["/tmp"], writable.Select(fields => fields[4]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(pod.Kernel("root/tmp")));
    }

    private async Task<JsonNode> TemplateAsync(string kind, string name) =>
        (await installation.Kubectl.ReadAsync(kind, name))["spec"]!["template"]!;

    // The API server hears of bindings by a watch of its own.
    private async Task MayAnnLookAsync(string expected)
    {
        var said = "";
        for (var i = 0; i < 100 && said != expected; i++)
            said = (
                await installation.Kubectl.TryAsync(
                    "auth",
                    "can-i",
                    "get",
                    "pods",
                    "--namespace",
                    Team,
                    "--as",
                    Ann.UserName
                )
            ).StdOut.Trim();
        Assert.Equal(expected, said);
    }

    private async Task IsAsync(Pod pod, string id, string status)
    {
        var seen = "";
        for (var i = 0; i < 1800 && seen != status; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
            seen = (string)(await SendAsync(pod, Ann, $"/api/requests/{id}"))["status"]!;
        }

        Assert.True(seen == status, $"{status} was expected, but it is {seen}. {pod.Log}");
    }

    private async Task<JsonNode> SendAsync(
        Pod pod,
        Person person,
        string path,
        object? body = null,
        HttpStatusCode expected = HttpStatusCode.OK
    )
    {
        using var client = new HttpClient { BaseAddress = pod.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            installation.Platform.Issuer.IssueToken(person)
        );
        using var answer = body is null
            ? await client.GetAsync(path, Cancellation)
            : await client.PostAsJsonAsync(path, body, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == expected, $"{path}: {answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }
}
