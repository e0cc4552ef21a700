using System.CommandLine;

namespace JitFunctions.KubectlJit.Commands;

internal static class RequestId
{
    public static Argument<string> Argument()
    {
        var id = new Argument<string>("id") { Description = "The request's id", HelpName = "ID" };
        id.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>() ?? "";
            if (text.Length is 0 || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                result.AddError($"'{text}' is not a request id");
            }
        });
        return id;
    }
}
