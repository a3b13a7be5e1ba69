using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// A block of normal noise that is generated on the device from a seed. Each example takes one row of it; the block keeps its size where one
/// example is replayed alone, so that its row is the same.
/// </summary>
/// <param name="Seed">The seed.</param>
/// <param name="Rows">Rows of the block.</param>
/// <param name="Time">Samples of a row.</param>
/// <param name="Row">The row of each example (or of the batch).</param>
public sealed record NoiseBlock(long Seed, long Rows, long Time, ValueList<int> Row)
{
    /// <summary>The block of one example alone.</summary>
    /// <param name="example">The example's place in the batch.</param>
    public NoiseBlock ForExample(int example) => this with { Row = Row.Only(example) };

    internal static NoiseBlock Draw(Generator generator, BatchShape shape, bool perBatch)
    {
        int rows = perBatch ? 1 : (int)shape.Batch;
        return new(Draws.Seed(generator), rows, shape.Time, [.. Enumerable.Range(0, rows)]);
    }

    /// <summary>Refuses a block that is too short for a batch or lacks rows.</summary>
    internal void RequireFit(BatchShape shape)
    {
        Require.Range(Time, "Block.Time", shape.Time);
        if (Row.Count != 1 && Row.Count != shape.Batch)
            throw new ArgumentException(
                $"Block.Row holds {Row.Count} values for a batch of {shape.Batch}; it must hold 1, or one for each example.", "parameters");
        foreach (int row in Row)
            Require.Range(row, "Block.Row", 0, Rows - 1);
    }

    /// <summary>Generates the whole block: <c>[rows, time, ...]</c>.</summary>
    internal Tensor Make(BatchShape shape, ScalarType dtype, Device device)
    {
        using var generator = new Generator((ulong)Seed, device);
        long[] sizes = [Rows, Time, .. shape.Sizes.Skip(2)];
        return randn(sizes, dtype, device, generator: generator);
    }

    /// <summary>The examples' rows of a block, cut to the batch's time: <c>[1 or batch, time, ...]</c>.</summary>
    internal Tensor Take(Tensor block, BatchShape shape, Tensor rows)
    {
        bool inOrder = Row.Count == Rows && Row.SequenceEqual(Enumerable.Range(0, (int)Rows));
        var taken = inOrder ? block : block.index_select(0, rows.narrow(0, 0, Row.Count).to(ScalarType.Int64));
        return taken.narrow(1, 0, shape.Time);
    }
}
