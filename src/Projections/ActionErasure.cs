using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Json;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>
/// Erases a person from recorded actions and gaps. What was done, when, where and by which grant stays. The hash of an
/// action becomes that of its new bytes: from the old one the name could be guessed.
/// </summary>
internal static class ActionErasure
{
    // Where the person calls from, with what, and what else the cluster knows of them.
    private static readonly string[] OwnMembers = ["sourceIPs", "userAgent"];
    private static readonly string[] OwnUserMembers = ["uid", "extra", "groups"];

    /// <returns>How many rows were changed.</returns>
    public static async Task<long> EraseAsync(
        NpgsqlConnection connection,
        PersonNames names,
        string placeholder,
        CancellationToken cancellation
    )
    {
        var found = new List<(string Cluster, byte[] Hash, byte[] Canonical, bool IsOwn)>();
        await using (
            var command = new NpgsqlCommand(
                $"select cluster, hash, canonical, username, impersonated from {ActionTables.Actions}",
                connection
            )
        )
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
            {
                var canonical = rows.GetFieldValue<byte[]>(2);
                var isOwn = names.AreIn(rows.GetString(3)) || (!rows.IsDBNull(4) && names.AreIn(rows.GetString(4)));
                if (isOwn || names.AreIn(Encoding.UTF8.GetString(canonical)) || HasName(canonical, names))
                    found.Add((rows.GetString(0), rows.GetFieldValue<byte[]>(1), canonical, isOwn));
            }
        }

        foreach (var (cluster, hash, canonical, isOwn) in found)
        {
            var erased = Erased(canonical, isOwn, names, placeholder);
            await using var update = new NpgsqlCommand(
                $"""
                update {ActionTables.Actions} set canonical = $3, hash = $4,
                  source_ips = case when $5 then array[$6] else source_ips end,
                  user_agent = case when $5 and user_agent is not null then $6 else user_agent end
                where cluster = $1 and hash = $2
                """,
                connection
            )
            {
                Parameters =
                {
                    new() { Value = cluster },
                    new() { Value = hash },
                    new() { Value = erased },
                    new() { Value = SHA256.HashData(erased) },
                    new() { Value = isOwn },
                    new() { Value = placeholder },
                },
            };
            await update.ExecuteNonQueryAsync(cancellation);
        }

        // A gap is what could not be read: its bytes go as a whole.
        await using var gaps = new NpgsqlCommand(
            $"""
            update {ActionTables.Gaps} set raw = convert_to($1, 'UTF8'),
              hash = sha256(convert_to(gen_random_uuid()::text, 'UTF8'))
            where username ~* $2 or impersonated ~* $2 or name ~* $2
              or convert_from(decode(regexp_replace(encode(raw, 'hex'), '00', '20', 'g'), 'hex'), 'LATIN1') ~* $3
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = placeholder },
                new() { Value = names.Pattern(isJson: false) },
                new() { Value = Latin1Pattern(names) },
            },
        };
        return found.Count + await gaps.ExecuteNonQueryAsync(cancellation);
    }

    // UTF-8 read as Latin-1, which every byte is.
    private static string Latin1Pattern(PersonNames names) =>
        Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(names.Pattern(isJson: true)));

    private static bool HasName(byte[] canonical, PersonNames names) =>
        names.AreIn(JsonNode.Parse(canonical)!.ToJsonString(Relaxed));

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static byte[] Erased(byte[] canonical, bool isOwn, PersonNames names, string placeholder)
    {
        var json = Replaced(JsonNode.Parse(canonical))!;
        if (isOwn && json is JsonObject action)
        {
            foreach (var member in OwnMembers)
                Hide(action, member);
            foreach (var person in new[] { "user", "impersonatedUser" })
            {
                if (action[person] is JsonObject user)
                {
                    foreach (var member in OwnUserMembers)
                        Hide(user, member);
                }
            }
        }

        return CanonicalJson.Format(json.ToJsonString(), CanonicalNumbers.Doubles);

        void Hide(JsonObject from, string member)
        {
            if (from.ContainsKey(member))
                from[member] =
                    from[member] is JsonArray ? new JsonArray(placeholder)
                    : from[member] is JsonObject ? new JsonObject()
                    : placeholder;
        }

        JsonNode? Replaced(JsonNode? node) =>
            node switch
            {
                JsonValue text when text.GetValueKind() is System.Text.Json.JsonValueKind.String => names.Replace(
                    text.GetValue<string>(),
                    placeholder
                ),
                JsonArray array => new JsonArray([.. array.Select(Replaced)]),
                JsonObject members => new JsonObject(
                    members.Select(member =>
                        KeyValuePair.Create(names.Replace(member.Key, placeholder), Replaced(member.Value))
                    )
                ),
                _ => node?.DeepClone(),
            };
    }
}
