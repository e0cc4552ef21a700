using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>
/// Applies an action to one request, or to several requests one after another. Each request has its own result, and a
/// failure of one does not stop the others.
/// </summary>
internal sealed class EachRequest(Shell shell, OutputFormat format)
{
    private readonly RequestOutput _output = new(shell, format);

    /// <exception cref="Failure">
    /// The action failed for at least one request. The exit code is that of the first failure.
    /// </exception>
    public async Task RunAsync(IReadOnlyList<string> ids, Func<string, Task<Snapshot>> act)
    {
        if (ids is [var only])
        {
            _output.Write(await act(only));
            return;
        }

        List<(string Id, Failure Failure)> failed = [];
        foreach (var (i, id) in ids.Index())
        {
            try
            {
                _output.WriteNext(await act(id));
            }
            catch (Failure failure) when (!EndsAll(failure))
            {
                failed.Add((id, failure));
                failure.About(id).WriteTo(shell.Error);
            }
            catch (Failure failure)
            {
                throw ids.Skip(i + 1).ToList() is [_, ..] left
                    ? failure.About(id).With($"not tried: {string.Join(' ', left)}")
                    : failure.About(id);
            }
        }

        if (failed is [var (_, first), ..])
        {
            throw new Failure(first.ExitCode, $"{failed.Count} of {ids.Count} failed", first.Code, null)
            {
                Details = [.. failed.Select(one => $"{one.Id}: {one.Failure.Code}")],
            };
        }
    }

    // Whether the remaining requests would fail in the same way.
    private static bool EndsAll(Failure failure) =>
        failure.ExitCode is ExitCode.Unreachable or ExitCode.NotSignedIn or ExitCode.Interrupted;
}
