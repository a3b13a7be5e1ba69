using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Baselines;

/// <summary>
/// How SpeechBrain resampled before its pull request 2410 (https://github.com/speechbrain/speechbrain/issues/2395), written anew from its
/// description: a loop over the output phases; each cuts out its stretch of the input, convolves it at the input's stride with just the taps that the
/// phase needs, spreads the result to the output's stride by a transposed convolution with an impulse, and adds it to the output.
/// </summary>
internal sealed class PerPhaseResampler : IDisposable
{
    private const int ZeroCrossings = 6;
    private const double Rolloff = 0.99;

    private readonly long orig, target;
    private readonly long[] first;
    private readonly Tensor[] weights;
    private readonly Tensor impulse;

    public PerPhaseResampler(long origFreq, long newFreq)
    {
        var divisor = (long)System.Numerics.BigInteger.GreatestCommonDivisor(origFreq, newFreq);
        (orig, target) = (origFreq / divisor, newFreq / divisor);
        var cutoff = Rolloff * 0.5 * Math.Min(origFreq, newFreq);
        var window = ZeroCrossings / (2 * cutoff);      // seconds to each side
        first = new long[target];
        weights = new Tensor[target];
        for (var phase = 0; phase < target; phase++)
        {
            var time = (double)phase / newFreq;
            first[phase] = (long)Math.Ceiling((time - window) * origFreq);
            var last = (long)Math.Floor((time + window) * origFreq);
            var taps = new float[last - first[phase] + 1];
            for (var k = 0; k < taps.Length; k++)
            {
                var t = (double)(first[phase] + k) / origFreq - time;
                var hann = 0.5 * (1 + Math.Cos(2 * Math.PI * cutoff / ZeroCrossings * t));
                taps[k] = (float)((t == 0 ? 2 * cutoff : Math.Sin(2 * Math.PI * cutoff * t) / (Math.PI * t)) * hann / origFreq);
            }
            weights[phase] = tensor(taps).view(1, 1, -1).DetachFromDisposeScope();
        }
        impulse = zeros(1, 1, target);
        impulse[0, 0, 0] = 1;
        impulse.DetachFromDisposeScope();
    }

    /// <summary>Resamples <c>[batch, time]</c>.</summary>
    public Tensor Apply(Tensor waves)
    {
        using var scope = NewDisposeScope();
        long batch = waves.shape[0], time = waves.shape[1], length = (time * target + orig - 1) / orig;
        var steps = (length + target - 1) / target;
        var result = zeros(batch, 1, steps * target);
        for (var phase = 0; phase < target; phase++)
        {
            using var step = NewDisposeScope();
            long taps = weights[phase].shape[2], left = Math.Max(0, -first[phase]), start = Math.Max(0, first[phase]);
            var needed = (steps - 1) * orig + taps - left;
            var right = Math.Max(0, start + needed - time);
            var cut = waves.narrow(1, start, Math.Min(needed, time - start)).unsqueeze(1);
            var filtered = nn.functional.conv1d(nn.functional.pad(cut, (left, right)), weights[phase], stride: orig);
            var spread = nn.functional.conv_transpose1d(filtered, impulse, stride: target);
            result.add_(nn.functional.pad(spread.narrow(2, 0, steps * target - phase), (phase, 0)));
        }
        return result.squeeze(1).narrow(1, 0, length).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var taps in weights) taps.Dispose();
        impulse.Dispose();
    }
}
