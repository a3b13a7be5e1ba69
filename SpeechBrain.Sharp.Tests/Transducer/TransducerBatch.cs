using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>A batch for the RNN-T loss with everything it needs, drawn from a seed.</summary>
internal sealed record TransducerBatch(Tensor Logits, Tensor Targets, long[] Frames, long[] Labels, int Blank) : IDisposable
{
    /// <summary>Normal logits times <paramref name="scale"/>, labels other than blank; padding included.</summary>
    public static TransducerBatch Draw(long[] frames, long[] labels, int outputs, int blank = 0, double scale = 1, ulong seed = 1, long? width = null)
    {
        using var generator = new Generator(seed);
        long rows = (width ?? labels.Max()) + 1;
        using var unscaled = randn([frames.Length, frames.Max(), rows, outputs], dtype: ScalarType.Float64, generator: generator);
        using var drawn = randint(0, outputs - 1, [frames.Length, rows - 1], dtype: ScalarType.Int64, generator: generator);
        using var skip = drawn.ge(blank).to(ScalarType.Int64);
        return new(unscaled * scale, drawn + skip, frames, labels, blank);
    }

    /// <summary>The naive losses.</summary>
    public double[] NaiveLosses() => [.. Enumerable.Range(0, Frames.Length).Select(b => Naive(b).Loss)];

    /// <summary>The naive gradient of the sum of losses, 0 in the padding.</summary>
    public double[] NaiveGradient(double fastEmit = 0)
    {
        long[] shape = Logits.shape;
        double[] all = new double[Logits.numel()];
        for (int b = 0; b < Frames.Length; b++)
        {
            double[] own = Naive(b, fastEmit).Gradient;
            long rows = Labels[b] + 1;
            for (long t = 0; t < Frames[b]; t++)
                Array.Copy(own, t * rows * shape[3], all, ((b * shape[1]) + t) * shape[2] * shape[3], rows * shape[3]);
        }
        return all;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Logits.Dispose();
        Targets.Dispose();
    }

    private (double Loss, double[] Gradient) Naive(int b, double fastEmit = 0)
    {
        using var scope = NewDisposeScope();
        double[] logits = Testing.Numbers.Values(Logits[b].narrow(0, 0, Frames[b]).narrow(1, 0, Labels[b] + 1));
        int[] labels = Labels[b] == 0 ? [] : [.. Targets[b].narrow(0, 0, Labels[b]).cpu().data<long>().ToArray().Select(l => (int)l)];
        return NaiveTransducer.Loss(logits, (int)Frames[b], (int)Logits.size(3), labels, Blank, fastEmit);
    }
}
