using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Removes narrow bands of frequencies with notch filters.</summary>
/// <remarks>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, DropFreq</c>, which draws once a batch (<c>perBatch: true</c>), interleaves
/// channels and time of <c>[batch, time, channels]</c>, and turns a draw of 0 into NaN. Here each channel is filtered for itself.
/// <para>
/// The notches of an example become one filter of 101 taps. Filtering is a product of matrices: P outputs in a row depend on P + 100 inputs, by a
/// banded matrix <c>W[q, p] = filter[q - p]</c>, one for each example. That wastes half of the products, and is still many times as fast as a
/// convolution with one channel.
/// </para>
/// </remarks>
public sealed class DropFreq : Augmentation<DropFreqParameters>
{
    /// <summary>Taps of the filter, as in SpeechBrain.</summary>
    private const int FilterLength = 101;

    /// <summary>Outputs of one row of the product.</summary>
    private const int Outputs = 128;

    /// <summary>Makes the augmentation.</summary>
    /// <param name="dropFreqLow">The lowest frequency, as a part of the Nyquist frequency, 0 to 1.</param>
    /// <param name="dropFreqHigh">The highest, at least the lowest, at most 1.</param>
    /// <param name="dropFreqCountLow">The least notches, at least 0.</param>
    /// <param name="dropFreqCountHigh">The most, drawn too.</param>
    /// <param name="dropFreqWidth">Half the width of a notch, as a part of the Nyquist frequency, 0 to 1.</param>
    /// <param name="epsilon">What a lower frequency becomes; above 0, at most 1.</param>
    /// <param name="perBatch">Whether one draw holds for the whole batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument outside its range.</exception>
    public DropFreq(
        double dropFreqLow = 1e-14, double dropFreqHigh = 1, long dropFreqCountLow = 1, long dropFreqCountHigh = 3, double dropFreqWidth = 0.05,
        double epsilon = 1e-12, bool perBatch = false)
        : base(nameof(DropFreq))
    {
        Require.Range(dropFreqLow, nameof(dropFreqLow), 0, 1);
        Require.Range(dropFreqHigh, nameof(dropFreqHigh), dropFreqLow, 1);
        Require.Range(dropFreqCountLow, nameof(dropFreqCountLow), 0);
        Require.Range(dropFreqCountHigh, nameof(dropFreqCountHigh), dropFreqCountLow, int.MaxValue);
        Require.Range(dropFreqWidth, nameof(dropFreqWidth), 0, 1);
        Require.Positive(epsilon, nameof(epsilon));
        Require.Range(epsilon, nameof(epsilon), 0, 1);
        (DropFreqLow, DropFreqHigh, DropFreqCountLow, DropFreqCountHigh) = (dropFreqLow, dropFreqHigh, dropFreqCountLow, dropFreqCountHigh);
        DropFreqWidth = dropFreqWidth;
        Epsilon = epsilon;
        PerBatch = perBatch;
    }

    /// <summary>The lowest frequency.</summary>
    public double DropFreqLow { get; }

    /// <summary>The highest frequency.</summary>
    public double DropFreqHigh { get; }

    /// <summary>The least notches.</summary>
    public long DropFreqCountLow { get; }

    /// <summary>The most notches.</summary>
    public long DropFreqCountHigh { get; }

    /// <summary>Half the width of a notch.</summary>
    public double DropFreqWidth { get; }

    /// <summary>What a lower frequency becomes.</summary>
    public double Epsilon { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms;

    /// <inheritdoc/>
    protected override DropFreqParameters Draw(Generator generator, BatchShape shape)
    {
        long[] counts = Draws.Integers(generator, PerBatch ? 1 : shape.Batch, DropFreqCountLow, DropFreqCountHigh);
        return new([.. counts.Select(count => Frequencies(Draws.Uniform(generator, count, DropFreqLow, DropFreqHigh)))]);

        ValueList<double> Frequencies(double[] drawn) => [.. drawn.Select(frequency => Math.Max(frequency, Epsilon))];
    }

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, DropFreqParameters parameters)
    {
        RequireValues(parameters.Frequencies, nameof(parameters.Frequencies), batch.Shape);
        foreach (double frequency in parameters.Frequencies.SelectMany(frequencies => frequencies))
        {
            Require.Positive(frequency, nameof(parameters.Frequencies));
            Require.Range(frequency, nameof(parameters.Frequencies), 0, 1);
        }
        var shape = batch.Shape;
        var x = batch.Silence(batch.Data).to(SignalArguments.Work(batch.Data.dtype));
        var filters = Upload.Rows(x.device, [.. parameters.Frequencies.Select(Filter)]).to(x.dtype);

        // W[q, p] = filter[q - p]: windows of the filter between zeros, the last column first.
        var matrix = nn.functional.pad(filters, [Outputs - 1, Outputs - 1]).unfold(1, Outputs, 1).flip(2);
        var channels = x.dim() == 3 ? x.transpose(1, 2) : x.unsqueeze(1);
        long blocks = (shape.Time + Outputs - 1) / Outputs;
        const int Half = FilterLength / 2;
        var padded = nn.functional.pad(channels, [Half, blocks * Outputs - shape.Time + Half]);
        var rows = padded.unfold(2, Outputs + FilterLength - 1, Outputs).reshape(shape.Batch, -1, Outputs + FilterLength - 1);
        var filtered = rows.matmul(matrix).reshape(shape.Batch, -1, blocks * Outputs).narrow(2, 0, shape.Time);
        var result = x.dim() == 3 ? filtered.transpose(1, 2) : filtered.squeeze(1);
        return batch.With(batch.Silence(result.to(batch.Data.dtype)).contiguous());
    }

    // One filter for all notches: as SpeechBrain, each is laid over the ones before by a correlation that is cut to the same length.
    private double[] Filter(ValueList<double> frequencies)
    {
        var filter = new double[FilterLength];
        filter[FilterLength / 2] = 1;
        foreach (double frequency in frequencies)
        {
            double[] notch = Functional.NotchTaps(frequency, FilterLength, DropFreqWidth), next = new double[FilterLength];
            for (int t = 0; t < FilterLength; t++)
                for (int k = Math.Max(0, FilterLength / 2 - t); k < Math.Min(FilterLength, FilterLength + FilterLength / 2 - t); k++)
                    next[t] += filter[t + k - FilterLength / 2] * notch[k];
            filter = next;
        }
        return filter;
    }
}
