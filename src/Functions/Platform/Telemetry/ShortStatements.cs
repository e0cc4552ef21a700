using System.Diagnostics;
using OpenTelemetry;

namespace JitFunctions.Functions.Platform.Telemetry;

/// <summary>
/// Keeps of an SQL statement what tells it from others: whole, the statements would be most of what is sent.
/// </summary>
internal sealed class ShortStatements : BaseProcessor<Activity>
{
    public const int Longest = 100;
    private const string Statement = "db.query.text";

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name != "Npgsql")
            return;
        if (data.GetTagItem(Statement) is string { Length: > Longest } text)
            data.SetTag(Statement, text[..Longest]);
        data.SetTag("db.npgsql.data_source", null); // The connection string without its password, each time.
    }
}
