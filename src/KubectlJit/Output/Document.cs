using System.Text.Encodings.Web;
using System.Text.Json;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>
/// Prints the server's JSON for scripts without parsing it, so that members that the plugin does not know are kept.
/// </summary>
internal static class Document
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = Compact with { Indented = true };

    public static void Write(TextWriter writer, JsonElement json, OutputFormat format)
    {
        if (format is OutputFormat.Yaml)
            writer.Write(OfYaml(json));
        else
            writer.WriteLine(Text(Indented, json.WriteTo));
    }

    /// <summary>Writes one of many documents: a line of JSON, or YAML after a separator.</summary>
    public static void WriteNext(TextWriter writer, JsonElement json, OutputFormat format)
    {
        if (format is OutputFormat.Yaml)
        {
            writer.WriteLine("---");
            writer.Write(OfYaml(json));
        }
        else
        {
            writer.WriteLine(Text(Compact, json.WriteTo));
        }
    }

    public static void WriteItems(TextWriter writer, IEnumerable<JsonElement> items, OutputFormat format)
    {
        var list = Text(
            Compact,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("items");
                foreach (var item in items)
                    item.WriteTo(json);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        );
        Write(writer, JsonElement.Parse(list), format);
    }

    private static string OfYaml(JsonElement json)
    {
        using var text = new StringWriter();
        Yaml.Write(text, json);
        return Printable.Document(text.ToString(), OutputFormat.Yaml);
    }

    private static string Text(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, options))
            write(json);
        return Printable.Document(
            System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)),
            OutputFormat.Json
        );
    }
}
