using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Training;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// The mean losses of an epoch so far; part of a checkpoint, so that a run that was interrupted reports what it would have. The two parts of the
/// loss are summed on the device and read once an epoch; their sum comes with each step anyway.
/// </summary>
internal sealed class EpochMeans : IRecoverable, IDisposable
{
    private readonly Device device;
    private Tensor parts; // transducer and CTC

    internal EpochMeans(Device device)
    {
        this.device = device;
        parts = zeros(2, float64, device).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public string FileName => "epoch.ckpt";

    /// <summary>Batches taken in; those whose loss was not finite are not.</summary>
    internal long Batches { get; private set; }

    private double Sum { get; set; }

    /// <summary>Takes in a batch.</summary>
    internal void Add(WeightUpdateResult result, TransducerLosses losses)
    {
        if (!result.Finite)
            return;
        using var scope = NewDisposeScope();
        parts.add_(stack([losses.Transducer.detach().to(float64), losses.Ctc?.detach().to(float64) ?? zeros([], float64, device)]));
        Sum += result.Loss;
        Batches++;
    }

    /// <summary>The means so far: the loss, and its two parts, unweighted. Waits for the device.</summary>
    internal (double Loss, double Transducer, double Ctc) Means()
    {
        using var host = parts.cpu();
        double[] sums = host.data<double>().ToArray();
        double count = Math.Max(1, Batches);
        return (Sum / count, sums[0] / count, sums[1] / count);
    }

    /// <summary>Begins an epoch.</summary>
    internal void Clear()
    {
        parts.fill_(0);                                             // zero_ answers with a new tensor
        (Sum, Batches) = (0, 0);
    }

    /// <inheritdoc/>
    public void Save(string path)
    {
        using var host = parts.cpu();
        SpeechBrainCheckpoint.Save(path, new Dictionary<string, object?> { ["parts"] = host, ["sum"] = Sum, ["batches"] = Batches });
    }

    /// <inheritdoc/>
    public Action Prepare(string path)
    {
        if (SpeechBrainCheckpoint.Load(path) is not OrderedDictionary<object, object?> values
            || values.GetValueOrDefault("parts") is not Tensor { shape: [2], dtype: ScalarType.Float64 } saved
            || values.GetValueOrDefault("sum") is not double sum || values.GetValueOrDefault("batches") is not long batches)
            throw new InvalidDataException($"'{path}' does not hold the mean losses of an epoch; it is no checkpoint of this program.");
        return () =>
        {
            parts.copy_(saved);
            (Sum, Batches) = (sum, batches);
        };
    }

    public void Dispose() => parts.Dispose();
}
