using SpeechBrain.Sharp.Benchmarks.Baselines;
using SpeechBrain.Sharp.Resampling;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>
/// Resampling 16 x 15 s of audio in each form, against torchaudio's convolution: SpeechBrain's rates for the speeds 95 and 105, the exact ratios of
/// these speeds, and common rates; and against libsoxr and the loop over phases that SpeechBrain had.
/// </summary>
internal static class ResampleCases
{
    private const long Batch = 16, Samples = 15 * 16000;

    private static readonly (long Orig, long New)[] Rates =
    [
        (16000, 16842), (16000, 15238), (16000, 15200), (16000, 16800), (16000, 8000), (48000, 16000), (16000, 44100), (44100, 16000), (16000, 11025),
    ];

    public static IEnumerable<BenchmarkCase> All()
    {
        foreach (var (orig, target) in Rates)
        {
            yield return Case(orig, target, ResamplingForm.Auto);
            yield return Case(orig, target, ResamplingForm.Auto) with { Peer = "soxr-hq", Twin = $"resample/{orig}->{target}/soxr-hq" };
            if (new SampleRateRatio(orig, target).New < 400) // one operation of its loop a phase: more would take minutes
                yield return Case(orig, target, ResamplingForm.Auto) with { Peer = "old-loop", PrepareBaseline = () => OldLoop(orig, target) };
            if (target is 16842 or 15238)
                yield return Case(orig, target, ResamplingForm.Auto) with { Peer = "speechbrain", Twin = $"resample/{orig}->{target}/speechbrain" };
            if (get_num_threads() > 1)
                yield return Case(orig, target, ResamplingForm.Auto) with { Peer = "one-thread", PrepareBaseline = () => OneThread(orig, target) };
            yield return Case(orig, target, ResamplingForm.Polyphase);
            yield return Case(orig, target, ResamplingForm.Banded);
            if (new SincKernel(new SampleRateRatio(orig, target)).TableBytes(ScalarType.Float32) <= Resample.DefaultMaxKernelBytes)
                yield return Case(orig, target, ResamplingForm.Conv1d);
        }
        // The table alone: what the first call costs beside its samples.
        foreach (var form in new[] { ResamplingForm.Polyphase, ResamplingForm.Banded })
            yield return new BenchmarkCase($"resample/16000->16842/{form.ToString().ToLowerInvariant()}/table", "torchaudio", () => (() =>
            {
                using var x = zeros(1, 1);
                using var resample = new Resample(16000, 16842, form: form);
                resample.call(x).Dispose();
            }, NewDisposeScope()));
    }

    private static (Action, IDisposable) OldLoop(long orig, long target)
    {
        var owner = NewDisposeScope();
        var x = randn(Batch, Samples);
        var loop = new PerPhaseResampler(orig, target);
        return (() =>
        {
            using (no_grad()) loop.Apply(x).Dispose();
        }, owner);
    }

    // The same call on one thread.
    private static (Action, IDisposable) OneThread(long orig, long target)
    {
        var (call, owner) = Case(orig, target, ResamplingForm.Auto).Prepare();
        int threads = get_num_threads();
        return (() =>
        {
            set_num_threads(1);
            call();
            set_num_threads(threads);
        }, owner);
    }

    private static BenchmarkCase Case(long orig, long target, ResamplingForm form)
    {
        long outputs = new SampleRateRatio(orig, target).OutputLength(Samples);
        return new BenchmarkCase($"resample/{orig}->{target}/{form.ToString().ToLowerInvariant()}", "torchaudio", () =>
        {
            var owner = NewDisposeScope();
            var x = randn(Batch, Samples);
            var resample = new Resample(orig, target, form: form);
            return (() =>
            {
                using (no_grad()) resample.call(x).Dispose();
            }, owner);
        }, Bytes: Batch * (Samples + outputs) * sizeof(float));
    }
}
