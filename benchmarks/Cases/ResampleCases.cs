using SpeechBrain.Sharp.Resampling;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>Resampling 4 x 12 s of 16 kHz audio by the conv1d form, against torchaudio's.</summary>
internal static class ResampleCases
{
    public static IEnumerable<BenchmarkCase> All()
    {
        foreach (var (orig, target) in new[] { (20, 19), (20, 21), (16000, 8000), (16000, 44100) })
            yield return new BenchmarkCase($"resample/{orig}->{target}/conv1d", "torchaudio", () =>
            {
                var owner = NewDisposeScope();
                var x = randn(4, 12 * 16000);
                var resample = new Resample(orig, target);
                return (() =>
                {
                    using (no_grad()) resample.call(x).Dispose();
                }, owner);
            });
    }
}
