using System.Diagnostics.Metrics;

namespace SystemLibTorch.Tests;

/// <summary>The meter counts what happens, and nothing else.</summary>
[NonParallelizable]
public class MetricsTests
{
    private readonly Dictionary<string, long> values = [];
    private MeterListener listener = null!;

    [SetUp]
    public void Listen()
    {
        using (zeros(1)) { } // the first operator publishes the meter
        listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == "SystemLibTorch") own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => values[instrument.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
    }

    [TearDown]
    public void Stop() => listener.Dispose();

    [Test]
    public void Counts_operators()
    {
        using var a = ones(3);
        Assert.That(Counted("operators", () => a.add(a).Dispose()), Is.EqualTo(1));
    }

    [Test]
    public void Counts_a_value_read_on_the_host()
    {
        using var a = ones(1);
        Assert.That(Counted("synchronizations", () => a.item<float>()), Is.EqualTo(1));
        Assert.That(Counted("host_copies", () => a.ToSingle()), Is.EqualTo(1));
    }

    [Test]
    public void Counts_a_shape_that_only_the_device_knows()
    {
        using var a = ones(3);
        Assert.That(Counted("synchronizations", () => a.nonzero().Dispose()), Is.EqualTo(1));
    }

    [Test]
    public void Arithmetic_does_not_synchronise()
    {
        using var a = ones(3);
        Assert.That(Counted("synchronizations", () => (a * 2).Dispose()), Is.Zero);
        Assert.That(Counted("host_copies", () => a.to(float64).Dispose()), Is.Zero);
        Assert.That(Counted("device_copies", () => a.clone().Dispose()), Is.Zero);
    }

    private long Counted(string name, Action action)
    {
        listener.RecordObservableInstruments();
        var before = values[name];
        action();
        listener.RecordObservableInstruments();
        return values[name] - before;
    }
}
