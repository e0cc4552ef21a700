using System.Text;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Tests.Text;

/// <summary>Text that people decide by shows all that it holds.</summary>
public sealed class PlainTextTests
{
    /// <summary>One of each kind, by its name in Unicode.</summary>
    public static readonly TheoryData<string, int> Unseen = new()
    {
        { "NULL", 0 },
        { "TAB", 9 },
        { "CARRIAGE RETURN", 0x0D },
        { "ESCAPE", 0x1B },
        { "NEXT LINE", 0x85 },
        { "SOFT HYPHEN", 0xAD },
        { "COMBINING GRAPHEME JOINER", 0x34F },
        { "ARABIC LETTER MARK", 0x61C },
        { "HANGUL JUNGSEONG FILLER", 0x1160 },
        { "ZERO WIDTH SPACE", 0x200B },
        { "ZERO WIDTH JOINER", 0x200D },
        { "RIGHT-TO-LEFT MARK", 0x200F },
        { "LINE SEPARATOR", 0x2028 },
        { "PARAGRAPH SEPARATOR", 0x2029 },
        { "RIGHT-TO-LEFT OVERRIDE", 0x202E },
        { "WORD JOINER", 0x2060 },
        { "RIGHT-TO-LEFT ISOLATE", 0x2067 },
        { "HANGUL FILLER", 0x3164 },
        { "BYTE ORDER MARK", 0xFEFF },
        { "INTERLINEAR ANNOTATION ANCHOR", 0xFFF9 },
        { "MUSICAL SYMBOL BEGIN BEAM", 0x1D173 },
        { "LANGUAGE TAG", 0xE0001 },
        { "TAG LATIN CAPITAL LETTER A", 0xE0041 },
        { "VARIATION SELECTOR-17", 0xE0100 },
    };

    [Theory]
    [MemberData(nameof(Unseen))]
    public void What_cannot_be_seen_is_refused_wherever_it_stands(string name, int code)
    {
        var rune = new Rune(code);
        Assert.True(PlainText.IsUnseen(rune), name);
        foreach (var text in new[] { $"{rune}", $"{rune}approve", $"app{rune}rove", $"approve{rune}" })
        {
            Assert.False(PlainText.IsLine(text) || PlainText.IsText(text) || PlainText.IsName(text), name);
            Assert.Equal(text.Replace(rune.ToString(), "\uFFFD", StringComparison.Ordinal), PlainText.Shown(text));
        }
    }

    [Theory]
    [InlineData("restart the stuck consumer")]
    [InlineData("Grüße, 名前, שלום, привет")]
    [InlineData("🦊 on fire 🔥")]
    [InlineData("⚠\uFE0F see the ticket")]
    public void What_is_seen_is_accepted_in_any_script(string text) =>
        Assert.True(PlainText.IsLine(text) && PlainText.IsText(text));

    [Fact]
    public void Only_text_has_line_breaks()
    {
        Assert.True(PlainText.IsText("one\ntwo"));
        Assert.False(PlainText.IsLine("one\ntwo"));
        Assert.False(PlainText.IsName("one\ntwo"));
    }

    // Not as data of a theory: an attribute cannot hold half a character.
    [Fact]
    public void Half_a_character_is_no_text()
    {
        foreach (var text in new[] { "a\uD83D", "\uDD8Aa", "\uD83D\uD83D\uDD8A" })
            Assert.False(PlainText.IsLine(text) || PlainText.IsText(text) || PlainText.IsName(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" alice")]
    [InlineData("alice ")]
    [InlineData("alice\u00A0")]
    [InlineData("\u3000alice")]
    [InlineData("alice\uFE0F")]
    public void No_two_names_look_the_same_for_a_blank_or_a_selector(string name) =>
        Assert.False(PlainText.IsName(name));

    [Fact]
    public void A_name_may_have_blanks_inside() => Assert.True(PlainText.IsName("alice smith"));

    [Theory]
    [InlineData("fine\u202Eevil", null, "reason")]
    [InlineData("fine", "INC\u200B1", "ticket")]
    [InlineData("fine", "INC-1\nINC-2", "ticket")]
    [InlineData("hidden \U000E0041\U000E0042", null, "reason")]
    public void A_request_says_why_in_what_is_seen(string reason, string? ticket, string field)
    {
        var scope = new Scope("demo", ["payments"], ClusterWide: false, new RoleRef(RoleKind.ClusterRole, "edit"));
        Assert.Equal(
            [field],
            RequestForm.Check(new(scope, TimeSpan.FromMinutes(5), reason, ticket)).Select(error => error.Field)
        );
        Assert.Empty(RequestForm.Check(new(scope, TimeSpan.FromMinutes(5), "two\nlines 🦊", "INC-1")));
    }

    [Fact]
    public void Nothing_is_hidden_in_the_name_of_a_role_or_an_object_either()
    {
        var scope = new Scope(
            "demo",
            ["payments"],
            ClusterWide: false,
            new RoleRef(RoleKind.ClusterRole, "view\u202Enimda")
        );
        Assert.Equal(["role.name"], RequestForm.Check(new(scope, null, "why", null)).Select(error => error.Field));
        Assert.Equal(
            ["rules"],
            RequestForm.RuleErrors([new([""], ["secrets"], ["get"], ["db\U000E0041"])]).Select(error => error.Field)
        );
    }
}
