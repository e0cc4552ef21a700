using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Tests.Text;

public sealed class CsvTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData(" blanks ", "\" blanks \"")]
    [InlineData("a\r\nb", "\"a\r\nb\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("  =1", "\"'  =1\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("＠x", "'＠x")]
    [InlineData("a=1", "a=1")]
    [InlineData("2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z")]
    public void Each_cell_is_read_back_as_the_text_that_it_was_and_calculated_never(string text, string cell) =>
        Assert.Equal($"x,{cell}\r\n", Csv.Line(["x", text]));

    [Fact]
    public void Cells_are_read_back()
    {
        IReadOnlyList<string> cells = ["a", "", "b,c", "say \"no\"", "two\r\nlines", " x "];
        var text = Csv.Line(cells) + Csv.Line(["last"]);

        Assert.Equal([cells, ["last"]], Csv.Read(new StringReader(text)));
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData("\"a")]
    [InlineData("a\"b\r\n")]
    [InlineData("\"a\"b\r\n")]
    public void What_is_not_csv_is_refused(string text) =>
        Assert.Throws<FormatException>(() => Csv.Read(new StringReader(text)).ToList());
}
