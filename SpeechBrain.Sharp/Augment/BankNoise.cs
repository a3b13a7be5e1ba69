using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Noise from the recordings of a <see cref="NoiseBank"/>: another recording and another part of it for each example.</summary>
public sealed class BankNoise : NoiseSource
{
    /// <summary>Makes the source.</summary>
    /// <param name="bank">The recordings; they belong to the source from now on.</param>
    /// <param name="padNoise">Whether a recording shorter than the example begins anew; else silence follows it.</param>
    /// <param name="startIndex">
    /// The first sample that is taken; null: drawn, such that the example is covered where the recording is long enough.
    /// </param>
    /// <exception cref="ArgumentException">No bank, or a negative start.</exception>
    public BankNoise(NoiseBank bank, bool padNoise = false, long? startIndex = null)
        : base(nameof(BankNoise))
    {
        ArgumentNullException.ThrowIfNull(bank);
        Require.Range(startIndex ?? 0, nameof(startIndex), 0);
        Bank = bank;
        PadNoise = padNoise;
        StartIndex = startIndex;
        register_module("bank", bank);
    }

    /// <summary>The recordings.</summary>
    public NoiseBank Bank { get; }

    /// <summary>Whether a recording shorter than the example begins anew.</summary>
    public bool PadNoise { get; }

    /// <summary>The first sample that is taken; null: drawn.</summary>
    public long? StartIndex { get; }

    internal override BankNoiseDraw Draw(Generator generator, BatchShape shape, bool perBatch)
    {
        long[] lengths = perBatch ? [shape.Lengths.Max()] : [.. shape.Lengths];
        int[] files = [.. Draws.Integers(generator, lengths.Length, 0, Bank.Count - 1).Select(file => (int)file)];
        double[] places = Draws.Uniform(generator, lengths.Length, 0, 1);
        return new([.. files], [.. files.Select((file, i) => StartIndex ?? Start(Bank.Lengths[file], lengths[i], places[i]))]);
    }

    internal override void RequireFit(NoiseDraw draw, BatchShape shape)
    {
        var own = Own<BankNoiseDraw>(draw);
        foreach (int count in (int[])[own.File.Count, own.Start.Count])
            if (count != 1 && count != shape.Batch)
                throw new ArgumentException(
                    $"The noise holds {count} files or starts for a batch of {shape.Batch}; it must hold 1, or one for each example.", "parameters");
        foreach (int file in own.File)
            Require.Range(file, "File", 0, Bank.Count - 1);
        foreach (long start in own.Start)
            Require.Range(start, "Start", 0);
    }

    internal override double[][] Numbers(NoiseDraw draw, BatchShape shape)
    {
        var own = Own<BankNoiseDraw>(draw);
        int[] examples = [.. Enumerable.Range(0, (int)shape.Batch)];
        return
        [
            [.. examples.Select(i => (double)Bank.Offsets[own.File.At(i)])],
            [.. examples.Select(i => (double)own.Start.At(i))],
            [.. examples.Select(i => (double)Bank.Lengths[own.File.At(i)])],
        ];
    }

    internal override double Coverage(NoiseDraw draw, BatchShape shape, int example)
    {
        if (PadNoise)
            return 1;
        var own = Own<BankNoiseDraw>(draw);
        long rest = Math.Max(0, Bank.Lengths[own.File.At(example)] - own.Start.At(example)), length = shape.Lengths[example];
        return length == 0 || rest >= length ? 1 : (double)rest / length;
    }

    internal override Tensor Make(NoiseDraw draw, AugmentedBatch batch, Tensor numbers, ScalarType dtype)
    {
        Require.SameDevice(Bank.Samples, "The noise bank", batch.Data, "the batch");
        var own = Own<BankNoiseDraw>(draw);
        var shape = batch.Shape;
        bool covered = Enumerable.Range(0, (int)shape.Batch).All(i =>
            own.Start.At(i) + shape.Lengths[i] <= Bank.Lengths[own.File.At(i)]
            && Bank.Offsets[own.File.At(i)] + own.Start.At(i) + shape.Time <= Bank.Samples.shape[0]);
        var noise = covered ? Parts(numbers, shape.Time) : Gathered(numbers, shape.Time);
        noise = noise.to(dtype);
        return shape.Sizes.Count == 3 ? noise.unsqueeze(2) : noise;
    }

    // Every part lies within its recording (or runs over its end where the example is padded): rows of a view of all parts there are.
    private Tensor Parts(Tensor numbers, long time) =>
        Bank.Samples.unfold(0, time, 1).index_select(0, (numbers[0] + numbers[1]).to(ScalarType.Int64));

    private Tensor Gathered(Tensor numbers, long time)
    {
        var whole = numbers.to(ScalarType.Int64);
        var (offset, start, length) = (whole[0].unsqueeze(1), whole[1].unsqueeze(1), whole[2].unsqueeze(1));
        var position = start + arange(time, ScalarType.Int64, numbers.device);
        if (PadNoise)
            return Bank.Samples.take(offset + position.remainder(length));
        return Bank.Samples.take(offset + position.minimum(length - 1)).masked_fill(position >= length, 0);
    }

    private long Start(long recorded, long length, double place)
    {
        // Where the recording covers the example, it begins so that it does; a short one that is repeated may begin anywhere.
        long last = recorded >= length ? recorded - length : PadNoise ? recorded - 1 : 0;
        return Math.Min(last, (long)(place * (last + 1)));
    }
}
