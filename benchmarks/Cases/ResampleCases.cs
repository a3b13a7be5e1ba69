using SpeechBrain.Sharp.Benchmarks.Baselines;
using SpeechBrain.Sharp.Resampling;
using TorchSharp;
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

    public static IEnumerable<BenchmarkCase> All(Device device)
    {
        bool onCpu = device.type == DeviceType.CPU;
        foreach (var (orig, target) in Rates)
        {
            var auto = Case(orig, target, ResamplingForm.Auto, device);
            yield return auto;
            if (onCpu)
                yield return auto with { Peer = "soxr-hq", Twin = $"resample/{orig}->{target}/soxr-hq" };
            if (onCpu && new SampleRateRatio(orig, target).New < 400) // one operation of its loop a phase: more would take minutes
                yield return auto with { Peer = "old-loop", PrepareBaseline = () => OldLoop(orig, target) };
            if (onCpu && get_num_threads() > 1)
                yield return auto with { Peer = "one-thread", PrepareBaseline = () => OneThread(auto) };
            if (target is 16842 or 15238)
                yield return auto with { Peer = "speechbrain", Twin = $"resample/{orig}->{target}/speechbrain" };
            if (onCpu)
                yield return Case(orig, target, ResamplingForm.Polyphase, device);
            yield return Case(orig, target, ResamplingForm.Banded, device);
            if (new SincKernel(new SampleRateRatio(orig, target)).TableBytes(ScalarType.Float32) <= Resample.DefaultMaxKernelBytes)
                yield return Case(orig, target, ResamplingForm.Conv1d, device);
        }
        // The table alone: what the first call costs beside its samples.
        foreach (var form in onCpu ? new[] { ResamplingForm.Polyphase, ResamplingForm.Banded } : [ResamplingForm.Banded])
            yield return new BenchmarkCase($"resample/16000->16842/{form.ToString().ToLowerInvariant()}/table", "torchaudio", () => (() =>
            {
                using var x = zeros(1, 1, device: device);
                using var resample = new Resample(16000, 16842, form: form, device: device);
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
    private static (Action, IDisposable) OneThread(BenchmarkCase benchmark)
    {
        var (call, owner) = benchmark.Prepare();
        int threads = get_num_threads();
        return (() =>
        {
            set_num_threads(1);
            call();
            set_num_threads(threads);
        }, owner);
    }

    private static BenchmarkCase Case(long orig, long target, ResamplingForm form, Device device)
    {
        long outputs = new SampleRateRatio(orig, target).OutputLength(Samples);
        return new BenchmarkCase($"resample/{orig}->{target}/{form.ToString().ToLowerInvariant()}", "torchaudio", () =>
        {
            var owner = NewDisposeScope();
            var x = randn(Batch, Samples, device: device);
            var resample = new Resample(orig, target, form: form, device: device);
            return (() =>
            {
                using (no_grad()) resample.call(x).Dispose();
            }, owner);
        }, Bytes: Batch * (Samples + outputs) * sizeof(float));
    }
}
