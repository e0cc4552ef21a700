using JitFunctions.Domain.Evidence;
using JitFunctions.EvidenceFiles;
using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Log;

public sealed class EvidenceDocumentTests
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.Combine("docs", "evidence.md"));

    [Fact]
    public void The_document_has_each_exception_and_no_other() =>
        Assert.Equal(
            ExceptionCodes.All.Select(one => $"| `{one.Code}` | {one.Meaning} |"),
            Rows("| exception | what it means |")
        );

    [Fact]
    public void The_document_has_the_map_of_controls_that_archives_have() =>
        Assert.Equal(
            ControlMap.Rows().Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1),
            Rows("| framework | control | subject | files | records | not answered |")
        );

    private static IEnumerable<string> Rows(string header) =>
        Lines.SkipWhile(line => line != header).Skip(2).TakeWhile(line => line.StartsWith('|'));
}
