using System.CommandLine;
using System.CommandLine.Parsing;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>The id of a request in upper or lower case, or a unique beginning of it.</summary>
internal static class RequestIdArgument
{
    /// <summary>A shorter text is more likely a typing error, such as a line number.</summary>
    private const int Shortest = 3;

    public static Argument<string> Argument()
    {
        var id = new Argument<string>("id")
        {
            Description = "The id of the request, or a unique beginning of it",
            HelpName = "ID",
        };
        id.Validators.Add(Validate);
        return id;
    }

    public static Argument<string?> Optional()
    {
        var id = new Argument<string?>("id")
        {
            Description = "The id of one request, or a unique beginning of it",
            HelpName = "ID",
            Arity = ArgumentArity.ZeroOrOne,
        };
        id.Validators.Add(Validate);
        return id;
    }

    public static Argument<string[]> Several()
    {
        var ids = new Argument<string[]>("ids")
        {
            Description = "The ids of one or more requests, or unique beginnings of them",
            HelpName = "ID",
            Arity = ArgumentArity.OneOrMore,
        };
        ids.Validators.Add(Validate);
        return ids;
    }

    private static void Validate(ArgumentResult result)
    {
        foreach (var text in result.Tokens.Select(token => token.Value))
        {
            if (
                text is ""
                || !char.IsAsciiLetterOrDigit(text[0])
                || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            )
                result.AddError($"'{text}' is not a request id");
            else if (text.Length < Shortest)
                result.AddError(
                    $"'{text}' is too short for a request id: give at least its first {Shortest} characters"
                );
        }
    }
}
