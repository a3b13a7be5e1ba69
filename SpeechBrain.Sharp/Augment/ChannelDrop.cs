using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Silences channels.</summary>
/// <remarks>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, ChannelDrop</c>, which draws once a batch: <c>perBatch: true</c>. All channels may
/// be dropped, as there; what stays is not made louder. A batch without a channel axis is refused, where SpeechBrain drops samples.
/// </remarks>
public sealed class ChannelDrop : Augmentation<ChannelDropParameters>
{
    /// <summary>At most so many samples are multiplied in one row; a power of 2.</summary>
    private const long SamplesTogether = 64;

    /// <summary>Makes the augmentation.</summary>
    /// <param name="dropRate">Probability that a channel is dropped, 0 to 1.</param>
    /// <param name="perBatch">Whether one draw holds for the whole batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A probability outside [0, 1].</exception>
    public ChannelDrop(double dropRate = 0.1, bool perBatch = false)
        : base(nameof(ChannelDrop))
    {
        Require.Range(dropRate, nameof(dropRate), 0, 1);
        DropRate = dropRate;
        PerBatch = perBatch;
    }

    /// <summary>Probability that a channel is dropped.</summary>
    public double DropRate { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.BatchTimeChannels;

    /// <inheritdoc/>
    protected override ChannelDropParameters Draw(Generator generator, BatchShape shape) =>
        new([.. Enumerable.Range(0, PerBatch ? 1 : (int)shape.Batch).Select(_ => Keep(generator, shape.Channels))]);

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, ChannelDropParameters parameters)
    {
        var keep = parameters.Keep;
        RequireValues(keep, nameof(parameters.Keep), batch.Shape);
        RequireChannels(keep.Select(channels => channels.Count), nameof(parameters.Keep), batch.Shape);
        var rows = Upload.Rows(batch.Data.device, [.. keep.Select(channels => channels.Select(stays => stays ? 1.0 : 0.0).ToArray())]);
        // Several samples side by side make a row that is long enough for vectors.
        long[] sizes = [.. batch.Shape.Sizes];
        long together = (long)BigInteger.GreatestCommonDivisor(sizes[1], SamplesTogether);
        var mask = rows.to(batch.Data.dtype).unsqueeze(1).repeat(1, 1, together);
        return batch.With((batch.Data.reshape(sizes[0], sizes[1] / together, together * sizes[2]) * mask).reshape(sizes));
    }

    /// <summary>Refuses lists of another length than the batch has channels.</summary>
    internal static void RequireChannels(IEnumerable<int> counts, string name, BatchShape shape)
    {
        foreach (int count in counts)
            if (count != shape.Channels)
                throw new ArgumentException($"{name} holds {count} values for {shape.Channels} channels; give one for each.", "parameters");
    }

    private ValueList<bool> Keep(Generator generator, long channels) => [.. Draws.Uniform(generator, channels, 0, 1).Select(u => u >= DropRate)];
}
