using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Swaps channels.</summary>
/// <remarks>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, ChannelSwap</c>: a number of swaps is drawn; from the number of channels on, all
/// channels are permuted. There a swap copies one channel over the other and loses it, writes into the input, and is drawn once a batch
/// (<c>perBatch: true</c>).
/// </remarks>
public sealed class ChannelSwap : Augmentation<ChannelSwapParameters>
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="minSwap">The least swaps, at least 0.</param>
    /// <param name="maxSwap">The most, drawn too.</param>
    /// <param name="perBatch">Whether one draw holds for the whole batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative or reversed range.</exception>
    public ChannelSwap(long minSwap = 0, long maxSwap = 0, bool perBatch = false)
        : base(nameof(ChannelSwap))
    {
        Require.Range(minSwap, nameof(minSwap), 0);
        Require.Range(maxSwap, nameof(maxSwap), minSwap, int.MaxValue);
        MinSwap = minSwap;
        MaxSwap = maxSwap;
        PerBatch = perBatch;
    }

    /// <summary>The least swaps.</summary>
    public long MinSwap { get; }

    /// <summary>The most swaps.</summary>
    public long MaxSwap { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.BatchTimeChannels;

    /// <summary>
    /// The order of channels after swaps of <c>first[i]</c> and <c>second[i]</c>; a permutation by <c>first</c> from as many swaps on as channels.
    /// </summary>
    internal static ValueList<int> Order(long[] first, long[] second, long swaps)
    {
        if (swaps >= first.Length)
            return [.. first.Select(channel => (int)channel)];
        int[] order = [.. Enumerable.Range(0, first.Length)];
        for (int i = 0; i < swaps; i++)
            (order[second[i]], order[first[i]]) = (order[first[i]], order[second[i]]);
        return [.. order];
    }

    /// <inheritdoc/>
    protected override ChannelSwapParameters Draw(Generator generator, BatchShape shape) =>
        new([.. Enumerable.Range(0, PerBatch ? 1 : (int)shape.Batch).Select(_ => Order(
            Draws.Permutation(generator, shape.Channels), Draws.Permutation(generator, shape.Channels),
            Draws.Integers(generator, 1, MinSwap, MaxSwap)[0]))]);

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, ChannelSwapParameters parameters)
    {
        var order = parameters.Order;
        RequireValues(order, nameof(parameters.Order), batch.Shape);
        ChannelDrop.RequireChannels(order.Select(channels => channels.Count), nameof(parameters.Order), batch.Shape);
        foreach (var channels in order)
            if (!channels.Order().SequenceEqual(Enumerable.Range(0, channels.Count)))
                throw new ArgumentException($"{channels} is no permutation of {channels.Count} channels.", nameof(parameters));
        var index = Upload.Rows(batch.Data.device, [.. order.Select(channels => channels.Select(channel => (double)channel).ToArray())])
            .to(ScalarType.Int64).unsqueeze(1);
        return batch.With(batch.Data.gather(2, index.expand([.. batch.Shape.Sizes])));
    }
}
