using System.Diagnostics.Metrics;
using NUnit.Framework;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>What the binding did during an action; see the meter <c>SystemLibTorch</c>.</summary>
/// <param name="Operators">Operators called.</param>
/// <param name="HostCopies">Copies from a device to the host, single values among them.</param>
/// <param name="DeviceCopies">Copies from the host to a device.</param>
/// <param name="Synchronizations">Waits for a value or a shape that only the device knows.</param>
public sealed record OperatorCounts(long Operators, long HostCopies, long DeviceCopies, long Synchronizations);

/// <summary>Counts operators, copies and waits. Only the system binding counts them: on the other one the test is skipped.</summary>
public sealed class OperatorMeter : IDisposable
{
    private readonly Dictionary<string, long> values = [];
    private readonly MeterListener listener = new();

    /// <summary>Begins to listen.</summary>
    public OperatorMeter()
    {
        using (zeros(1))
        {
            // The first operator publishes the meter.
        }
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == "SystemLibTorch")
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => values[instrument.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        if (values.Count == 0)
        {
            listener.Dispose();
            Assert.Ignore("operators are counted by the system binding alone");
        }
    }

    /// <summary>What an action does.</summary>
    public OperatorCounts Count(Action action)
    {
        var before = Read();
        action();
        var after = Read();
        return new OperatorCounts(
            after.Operators - before.Operators, after.HostCopies - before.HostCopies, after.DeviceCopies - before.DeviceCopies,
            after.Synchronizations - before.Synchronizations);
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private OperatorCounts Read()
    {
        listener.RecordObservableInstruments();
        return new OperatorCounts(values["operators"], values["host_copies"], values["device_copies"], values["synchronizations"]);
    }
}
