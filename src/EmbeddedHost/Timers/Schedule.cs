using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using NCrontab;

namespace JitFunctions.EmbeddedHost.Timers;

/// <summary>An NCRONTAB expression in UTC.</summary>
internal sealed partial class Schedule(CrontabSchedule crontab)
{
    /// <exception cref="InvalidOperationException">
    /// The expression is invalid, or a setting that it names is missing.
    /// </exception>
    public static Schedule Parse(string function, string expression, IConfiguration configuration)
    {
        var resolved = SettingName()
            .Replace(
                expression,
                name =>
                    configuration[name.Groups[1].Value]
                    ?? throw new InvalidOperationException(
                        $"Timer function '{function}': the setting '{name.Groups[1].Value}' is missing."
                    )
            );
        var fields = resolved.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length;
        return
            CrontabSchedule.TryParse(resolved, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 })
                is { } crontab
            ? new Schedule(crontab)
            : throw new InvalidOperationException(
                $"Timer function '{function}': '{resolved}' is not a schedule. Write five fields, or six with "
                    + "seconds first: \"0 */5 * * * *\"."
            );
    }

    public DateTime After(DateTime utc) => DateTime.SpecifyKind(crontab.GetNextOccurrence(utc), DateTimeKind.Utc);

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex SettingName();
}
