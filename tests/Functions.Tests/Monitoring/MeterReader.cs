using System.Diagnostics.Metrics;
using JitFunctions.Functions.Monitoring;

namespace JitFunctions.Functions.Tests.Monitoring;

internal sealed record Reading(string Metric, double Value, IReadOnlyDictionary<string, string> Labels)
{
    public string Text =>
        $"{Metric}{{"
        + string.Join(",", Labels.OrderBy(label => label.Key).Select(label => $"{label.Key}={label.Value}"))
        + "}";
}

/// <summary>Keeps what one meter measures.</summary>
internal sealed class MeterReader : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<Reading> _readings = [];

    public MeterReader(Measurements measurements)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == measurements.Meter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>(
            (instrument, value, labels, _) => Keep(instrument, value, labels)
        );
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Keep(instrument, value, labels));
        _listener.Start();
    }

    public IReadOnlyList<Reading> Readings
    {
        get
        {
            lock (_readings)
                return [.. _readings];
        }
    }

    public IReadOnlyList<Reading> Of(string metric) => [.. Readings.Where(reading => reading.Metric == metric)];

    /// <summary>What the gauges say now.</summary>
    public IReadOnlyDictionary<string, double> Gauges()
    {
        lock (_readings)
            _readings.Clear();
        _listener.RecordObservableInstruments();
        return Readings.ToDictionary(reading => reading.Text, reading => reading.Value);
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var reading = new Reading(
            instrument.Name,
            value,
            labels.ToArray().ToDictionary(label => label.Key, label => (string)label.Value!)
        );
        lock (_readings)
            _readings.Add(reading);
    }
}
