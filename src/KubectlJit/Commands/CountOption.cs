using System.CommandLine;
using System.Globalization;

namespace JitFunctions.KubectlJit.Commands;

internal static class CountOption
{
    public static Option<long> Of(string name, string description, string helpName, long least) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (
                    long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    && count >= least
                )
                    return count;
                result.AddError($"{name} takes a number from {least} on, not '{text}'");
                return least;
            },
        };
}
