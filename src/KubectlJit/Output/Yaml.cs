using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace JitFunctions.KubectlJit.Output;

/// <summary>
/// Writes a JSON value as one YAML document. It uses only the emitter, because YamlDotNet's serializer needs
/// reflection.
/// </summary>
internal static partial class Yaml
{
    private static readonly EmitterSettings OneLinePerText = EmitterSettings.Default.WithBestWidth(int.MaxValue);

    public static void Write(TextWriter writer, JsonElement json)
    {
        var emitter = new Emitter(writer, OneLinePerText);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(version: null, tags: null, isImplicit: true));
        Emit(emitter, json);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
    }

    private static void Emit(Emitter emitter, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach (var property in json.EnumerateObject())
                {
                    emitter.Emit(Text(property.Name));
                    Emit(emitter, property.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
                foreach (var item in json.EnumerateArray())
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                emitter.Emit(Text(json.GetString()!));
                break;
            default:
                emitter.Emit(Scalar(json.GetRawText(), ScalarStyle.Plain));
                break;
        }
    }

    private static Scalar Text(string text) =>
        Scalar(
            text,
            SurelyText().IsMatch(text) && !OtherType().IsMatch(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted
        );

    private static Scalar Scalar(string text, ScalarStyle style) =>
        new(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true);

    [GeneratedRegex(@"\A[A-Za-z_/][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+(),-]+)*\z")]
    private static partial Regex SurelyText();

    /// <summary>The words that YAML 1.1 or 1.2 reads as a boolean or as null.</summary>
    [GeneratedRegex(@"\A(?:y|n|yes|no|on|off|true|false|null)\z", RegexOptions.IgnoreCase)]
    private static partial Regex OtherType();
}
