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

    // More sets of waveforms for a GPU: many short ones, few long ones.
    private static readonly (long Batch, long Seconds)[] OtherSets = [(64, 4), (4, 60)];

    /// <summary>The forms that there are on a GPU, on several sets of waveforms; on a CPU a few.</summary>
    public static IEnumerable<BenchmarkCase> OnGpu(Device device)
    {
        bool all = device.type == DeviceType.CUDA;
        foreach (var (orig, target) in all ? Rates : [(16000, 15200), (16000, 8000)])
        {
            foreach (var form in (ResamplingForm[])[ResamplingForm.Auto, ResamplingForm.Banded, ResamplingForm.Conv1d])
                if (form != ResamplingForm.Conv1d || HasConv1d(orig, target))
                    yield return Case(orig, target, form, device);
            foreach (var (batch, seconds) in all ? OtherSets : OtherSets[..1])
                yield return Case(orig, target, ResamplingForm.Auto, device, batch, seconds);
        }
    }

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
            if (HasConv1d(orig, target))
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

    // What stays on the device between calls: all that the module and its cache hold after one.
    private static long KernelBytes(long orig, long target, ResamplingForm form, Device device)
    {
        using var scope = NewDisposeScope();
        using var resample = new Resample(orig, target, form: form, device: device);
        using (no_grad()) resample.call(zeros(1, 1, device: device));
        return resample.KernelBytes;
    }

    private static bool HasConv1d(long orig, long target) =>
        new SincKernel(new SampleRateRatio(orig, target)).TableBytes(ScalarType.Float32) <= Resample.DefaultMaxKernelBytes;

    private static BenchmarkCase Case(long orig, long target, ResamplingForm form, Device device, long batch = Batch, long seconds = Samples / 16000)
    {
        long samples = 16000 * seconds, outputs = new SampleRateRatio(orig, target).OutputLength(samples);
        string set = (batch, samples) == (Batch, Samples) ? "" : $"/{batch}x{seconds}s";
        return new BenchmarkCase($"resample/{orig}->{target}/{form.ToString().ToLowerInvariant()}{set}", "torchaudio", () =>
        {
            var owner = NewDisposeScope();
            var x = randn(batch, samples, device: device);
            var resample = new Resample(orig, target, form: form, device: device);
            return (() =>
            {
                using (no_grad()) resample.call(x).Dispose();
            }, owner);
        }, Bytes: batch * (samples + outputs) * sizeof(float), ConstantBytes: () => KernelBytes(orig, target, form, device));
    }
}
