using System.Diagnostics;
using JitFunctions.Domain.Evidence;
using JitFunctions.EvidenceFiles;
using JitFunctions.Projections.Evidence;
using JitFunctions.Projections.Tests.Log;
using JitFunctions.TransparencyLog.Exports;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests.Evidence;

/// <summary>The evidence of a period from the database, as an auditor verifies it.</summary>
public sealed class EvidenceExportTests(EventStoreFixture fixture)
{
    private static readonly EvidencePeriod Always = new(DateTimeOffset.UnixEpoch, Noon.AddYears(100));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_names_of_the_events_are_those_that_are_stored()
    {
        var used = typeof(FactNames)
            .GetFields()
            .Select(field => (string)field.GetRawConstantValue()!)
            // Until this version stores them.
            .Except([FactNames.DossierSealed]);

        Assert.Subset(EventNames.All.Values.ToHashSet(), used.ToHashSet());
    }

    [Fact]
    public async Task The_population_is_what_the_log_has_and_is_verified_by_it()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 30);
        var denied = await log.OpenAsync();
        await log.DenyAsync(denied);
        await log.RunAsync();

        var (about, verification) = await ExportAsync(log, Always);

        Assert.Equal([], verification.Problems);
        Assert.True(verification.IsValid);
        Assert.Equal((31, 31), (about.Requests, verification.Requests));
        Assert.Equal(
            await log.ReadAsync<long>(
                "select count(distinct stream_id) from jit.mt_events where type = 'access_requested'"
            ),
            about.Requests
        );
        Assert.Equal(verification.Log.Leaves, verification.Proofs);
    }

    [Fact]
    public async Task What_was_over_before_the_period_and_what_began_after_it_is_left_out()
    {
        await using var log = await TestLog.CreateAsync(fixture);
        var (over, open, both) = (await log.OpenAsync(), await log.OpenAsync(), await log.OpenAsync());
        await log.DenyAsync(over);
        await log.DenyAsync(both);
        var later = await log.OpenAsync();
        // When they were recorded.
        await log.ExecuteAsync("update jit.mt_events set timestamp = '2026-02-01 00:00:00+00'");
        await log.ExecuteAsync(
            $"update jit.mt_events set timestamp = '2026-04-01 00:00:00+00' where stream_id = '{later}'"
        );
        await log.ExecuteAsync(
            $"update jit.mt_events set timestamp = '2026-03-02 00:00:00+00' "
                + $"where stream_id = '{both}' and type = 'request_denied'"
        );
        await log.RunAsync();

        var (_, verification) = await ExportAsync(
            log,
            new(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero)),
            out var ids
        );

        Assert.True(verification.IsValid);
        Assert.Equal([open, both], await ids);
    }

    [Fact]
    public async Task A_request_that_somebody_took_out_of_the_event_store_is_missing_and_named()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 5);
        var gone = await log.OpenAsync();
        await log.RunAsync();
        await log.ExecuteAsync($"delete from jit.mt_events where stream_id = '{gone}'");

        var (_, verification) = await ExportAsync(log, Always);

        Assert.True(verification.Log.IsValid);
        Assert.Contains(
            $"the log has request {gone}, and the file has no row of it",
            verification.Problems.Select(one => one.Reason)
        );
    }

    [Fact]
    public async Task Evidence_waits_until_the_log_has_all_events_of_the_period()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 2);
        await log.RunAsync();
        await using var connection = await log.Store.Database.OpenConnectionAsync(Cancellation);
        Assert.True(await connection.HasAllBeforeAsync(Always.To, Cancellation));

        await log.OpenAsync();
        Assert.False(await connection.HasAllBeforeAsync(Always.To, Cancellation));
        await log.WithoutKeys().RunAsync(Cancellation);
        Assert.False(await connection.HasAllBeforeAsync(Always.To, Cancellation)); // in the log, but not signed
        await log.RunAsync();
        Assert.True(await connection.HasAllBeforeAsync(Always.To, Cancellation));
    }

    /// <summary>
    /// As many requests as JIT_EVIDENCE_REQUESTS says; benchmarks/results has what 10,000 took. The rows of one real
    /// request are copied, each copy with ids of its own.
    /// </summary>
    [Fact]
    public async Task Many_requests_are_exported_and_each_is_counted()
    {
        var requests = int.Parse(
            Environment.GetEnvironmentVariable("JIT_EVIDENCE_REQUESTS") ?? "300",
            System.Globalization.CultureInfo.InvariantCulture
        );
        await using var log = await TestLog.CreateAsync(fixture);
        var pattern = await log.OpenAsync();
        await log.LiveAsync(pattern);
        await log.CopyAsync(pattern, requests - 1);
        await log.RunAsync();
        var watch = Stopwatch.StartNew();

        var (about, verification) = await ExportAsync(log, Always, watch);

        Assert.Equal([], verification.Problems);
        Assert.Equal((requests, requests), (about.Requests, verification.Requests));
        Assert.Equal(
            await log.ReadAsync<long>("select count(*) from jit.mt_events where type = 'access_requested'"),
            verification.Requests
        );
    }

    private static Task<(EvidenceAbout About, EvidenceVerification Verification)> ExportAsync(
        TestLog log,
        EvidencePeriod period,
        Stopwatch? watch = null
    ) => ExportAsync(log, period, watch, new());

    private static Task<(EvidenceAbout About, EvidenceVerification Verification)> ExportAsync(
        TestLog log,
        EvidencePeriod period,
        out Task<IReadOnlyList<string>> ids
    )
    {
        var found = new TaskCompletionSource<IReadOnlyList<string>>();
        ids = found.Task;
        return ExportAsync(log, period, watch: null, found);
    }

    private static async Task<(EvidenceAbout About, EvidenceVerification Verification)> ExportAsync(
        TestLog log,
        EvidencePeriod period,
        Stopwatch? watch,
        TaskCompletionSource<IReadOnlyList<string>> ids
    )
    {
        var file = Path.GetTempFileName();
        try
        {
            EvidenceAbout about;
            await using (var stream = File.Create(file))
            await using (var zip = await ZipTarget.CreateAsync(stream, Cancellation))
            {
                about = await new EvidenceExport(log.Store.Database, await log.CheckpointAsync(), period).WriteAsync(
                    log.PolicyText,
                    zip,
                    dossier: null,
                    Cancellation
                );
            }

            var written = watch?.Elapsed;
            using var source = ExportSource.Open(file);
            ids.TrySetResult(Ids(source));
            var verification = await new EvidenceVerifier(log.Policy).VerifyAsync(source, Cancellation);
            if (watch is not null)
            {
                TestContext.Current.TestOutputHelper!.WriteLine(
                    $"{about.Requests} requests, {about.Leaves} leaves, {new FileInfo(file).Length} bytes: written in "
                        + $"{written}, verified in {watch.Elapsed - written}"
                );
            }

            return (about, verification);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IReadOnlyList<string> Ids(ExportSource source)
    {
        using var reader = new StreamReader(source.TryOpen(EvidenceNames.Population)!);
        return [.. JitFunctions.Domain.Text.Csv.Read(reader).Skip(1).Select(row => row[0])];
    }
}
