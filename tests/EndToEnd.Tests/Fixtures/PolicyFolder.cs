using System.Globalization;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>
/// The policy files of a platform: those beside the tests, and one with hours that stay open, or closed, while the
/// tests run.
/// </summary>
internal static class PolicyFolder
{
    /// <summary>
    /// Five and a half hours from UTC: whoever takes these hours for UTC's finds the open ones closed, and the closed
    /// ones open.
    /// </summary>
    public const string Zone = "Asia/Kolkata";

    private static readonly TimeSpan Offset = TimeSpan.FromHours(5.5);
    private static readonly DateTimeOffset Minute = new(
        TimeProvider.System.GetUtcNow().Ticks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute,
        TimeSpan.Zero
    );

    /// <summary>When the hours end that are open now.</summary>
    public static readonly DateTimeOffset ClosesAt = Minute.AddMinutes(45);

    /// <summary>When the hours begin that are closed now; they last an hour.</summary>
    public static readonly DateTimeOffset OpensAt = Minute.AddHours(24) - Offset - TimeSpan.FromMinutes(30);

    public static string Make()
    {
        var folder = Directory.CreateTempSubdirectory("jit-policies-").FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "policies")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        File.WriteAllText(
            Path.Combine(folder, "hours.yaml"),
            $"""
            policies:
            {Policy("open-hours", "day-*", Minute.AddHours(-1), ClosesAt)}
            {Policy("closed-hours", "night-*", OpensAt, OpensAt.AddHours(1))}
            """
        );
        return folder;
    }

    private static string Policy(string name, string namespaces, DateTimeOffset from, DateTimeOffset to) =>
        $$"""
              - name: {{name}}
                groups: [payments-devs]
                clusters: [demo]
                namespaces: ["{{namespaces}}"]
                roles: [ClusterRole/view]
                maxDuration: 1h
                scheduledStart: 24h
                hours:
                  timeZone: {{Zone}}
                  windows:
                    - { days: [mon, tue, wed, thu, fri, sat, sun], from: "{{TimeOfDay(from)}}", to: "{{TimeOfDay(
                to
            )}}" }
                approval:
                  groups: [payments-leads]
                extension:
                  maxDuration: 1h
                  total: 2h
                  review: false
            """;

    private static string TimeOfDay(DateTimeOffset at) =>
        at.ToOffset(Offset).ToString("HH:mm", CultureInfo.InvariantCulture);
}
