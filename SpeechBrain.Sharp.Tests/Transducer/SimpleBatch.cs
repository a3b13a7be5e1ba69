using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>Both sides of a simple joint and their labels, drawn from a seed; float64.</summary>
internal sealed record SimpleBatch(Tensor Am, Tensor Lm, Tensor Targets, long[] Frames, long[] Labels, int Blank)
{
    public static SimpleBatch Draw(long[] frames, long[] labels, int outputs, int blank = 0, double scale = 1, ulong seed = 1)
    {
        var lattice = TransducerBatch.Draw(frames, labels, outputs, blank, seed: seed);
        return new(
            Noise.Normal([frames.Length, frames.Max(), outputs], seed + 1, ScalarType.Float64) * scale,
            Noise.Normal([frames.Length, labels.Max() + 1, outputs], seed + 2, ScalarType.Float64) * scale,
            lattice.Targets, frames, labels, blank);
    }

    /// <summary>The logits that the simple loss does without: <c>[batch, T, U + 1, V]</c>.</summary>
    public Tensor Logits => Am.unsqueeze(2) + Lm.unsqueeze(1);

    /// <summary>Every alignment of an utterance by log-probabilities <c>[batch, T, U + 1, V]</c>.</summary>
    public NaivePaths Paths(Tensor logProbs, int utterance, Func<int, int, bool>? isKept = null)
    {
        using var scope = NewDisposeScope();
        var (frames, rows) = ((int)Frames[utterance], (int)Labels[utterance] + 1);
        double[,] blank = new double[frames, rows], label = new double[frames, rows];
        for (int t = 0; t < frames; t++)
        {
            for (int u = 0; u < rows; u++)
            {
                blank[t, u] = logProbs[utterance, t, u, Blank].item<double>();
                label[t, u] = u < rows - 1 ? logProbs[utterance, t, u, Targets[utterance, u].item<long>()].item<double>() : 0;
            }
        }
        return new(blank, label, isKept);
    }
}
