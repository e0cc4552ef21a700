namespace JitFunctions.PolicyReading;

internal static class NameReader
{
    public static string Read(YamlFields fields, string what, UniqueNames names, PolicyErrors errors)
    {
        fields.Check(fields.Has("name"), $"{what} needs a name.");
        if (fields.Text("name", TextForm.PolicyName) is not { } name)
            return string.Empty;
        names.Claim(name, fields.AtOf("name"), errors);
        return name;
    }
}
