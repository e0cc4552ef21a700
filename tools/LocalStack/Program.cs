using System.Diagnostics;
using System.Runtime.InteropServices;
using JitFunctions.LocalStack;

var watch = Stopwatch.StartNew();
using var interruption = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt);
try
{
    return args switch
    {
        ["demo"] => await DemoAsync(),
        ["up"] => await UpAsync(HostCommand.Embedded),
        ["up", var functionsHost] => await UpAsync(HostCommand.Azure(functionsHost)),
        _ => Usage(),
    };
}
catch (OperationCanceledException) when (interruption.IsCancellationRequested)
{
    Console.WriteLine("\nStopped; everything is removed.");
    return args is ["up", ..] ? 0 : 130;
}
catch (InvalidOperationException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}

async Task<LocalPlatform> StartAsync(HostCommand host)
{
    var where = host == HostCommand.Embedded ? "" : " on the Azure Functions host, with Azurite";
    Console.WriteLine(
        $"Starting PostgreSQL, a Kubernetes API server, an identity provider and the function app{where} …"
    );
    var platform = await LocalPlatform.StartAsync(new PlatformOptions { Host = host }, interruption.Token);
    Console.WriteLine($"Started in {watch.Elapsed.TotalSeconds:0.0} s.");
    return platform;
}

async Task<int> DemoAsync()
{
    await using var platform = await StartAsync(HostCommand.Embedded);
    var narrator = new Narrator(
        platform,
        Console.Out,
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or ""
    );
    try
    {
        await new DemoScript(platform, narrator, interruption.Token).PlayAsync();
    }
    catch (Exception failure) when (failure is DemoFailure or HttpRequestException)
    {
        narrator.Check(false, failure.Message);
    }

    if (narrator.Failed > 0)
        Console.WriteLine(
            $"\nThe end of the function app's log:\n{string.Join('\n', File.ReadLines(platform.Host.Log).TakeLast(40))}"
        );
    Console.WriteLine(
        $"\n{narrator.Passed} checks passed, {narrator.Failed} failed, in {watch.Elapsed.TotalSeconds:0} s."
    );
    return narrator.Failed == 0 ? 0 : 1;
}

async Task<int> UpAsync(HostCommand host)
{
    await using var platform = await StartAsync(host);
    await Playground.OpenAsync(platform, Console.Out, interruption.Token);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: JitFunctions.LocalStack demo | up [COMMAND THAT STARTS A FUNCTIONS HOST]");
    return 2;
}

void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    interruption.Cancel();
}
