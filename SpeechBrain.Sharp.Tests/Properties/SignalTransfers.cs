using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Resampling;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Properties;

/// <summary>Resampling, features, and functions of waveforms.</summary>
public static class SignalTransfers
{
    /// <summary>The cases.</summary>
    public static IEnumerable<TransferCase> All =>
    [
        Waves("Resample conv1d", device => new Resample(16000, 15200, form: ResamplingForm.Conv1d, device: device).call),
        Waves("Resample banded", device => new Resample(16000, 16842, form: ResamplingForm.Banded, device: device).call),
        Waves("Resample auto", device => new Resample(16000, 16842, device: device).call) with { ReadsHostMemory = true },
        Waves("Stft", device => new Stft(16000).to(device).call),
        new("Stft with lengths", device =>
        {
            var (x, stft, lengths) = (Noise(device, 2, 1600), new Stft(16000).to(device), Lengths(device, 1600, 1200));
            return () => stft.Apply(x, lengths);
        }) { ReadsHostMemory = true }, // lengths in host memory are checked
        Waves("Fbank", device => new Fbank().to(device).call),
        Waves("Mfcc", device => new Mfcc().to(device).call),
        Frames("Filterbank", device => new Filterbank(nFft: 14, nMels: 3, sampleRate: 16000).to(device).call),
        Frames("Deltas", device => new Deltas(8).to(device).call),
        Frames("Dct", device => new Dct(8, 4).to(device).call),
        Frames("ContextWindow", device => new ContextWindow(2, 2).to(device).call),
        Frames("InputNormalization", _ => x => new InputNormalization(normType: NormType.Sentence).call(x, null)),
        new("InputNormalization global", device =>
        {
            var (x, norm, lengths) = (Noise(device, 2, 20, 8), new InputNormalization(), tensor(new[] { 1f, 0.5f }, device: device));
            return () => norm.call(x, lengths, 1);
        }) { ReadsHostMemory = true },
        new("StreamingFeatureWrapper", device =>
        {
            var fbank = new Fbank().to(device);
            var wrapper = new StreamingFeatureWrapper(fbank, fbank.GetFilterProperties());
            var x = Noise(device, 1, 6400);
            return () => wrapper.call(x, wrapper.MakeStreamingContext());
        }),
        new("SpectralMagnitude", device =>
        {
            var x = Noise(device, 2, 5, 6, 2);
            return () => Functional.SpectralMagnitude(x, 0.5, log: true);
        }),
        Frames("AmplitudeToDb", _ => x => Functional.AmplitudeToDb(x.square())),
        Frames("GaussianStatistics", _ => x => Functional.GaussianStatistics(x, null, 0, 1).Mean),
        new("CombineGaussianStatistics", device =>
        {
            var x = Noise(device, 2, 20, 8);
            GaussianMoments left = Functional.GaussianStatistics(x, null, 0, 1), right = Functional.GaussianStatistics(x, null, 0, 1);
            return () => Functional.CombineGaussianStatistics(left, right).Mean;
        }),
        new("MeanStdUpdate", device =>
        {
            var x = Noise(device, 2, 20, 8);
            Tensor count = zeros([], ScalarType.Int64, device), mean = zeros(8, device: device), std = ones(8, device: device);
            return () => Functional.MeanStdUpdate(x, null, [0, 1], count, mean, std).Mean;
        }),
        Waves("ComputeAmplitude", _ => x => Functional.ComputeAmplitude(x)),
        Waves("Normalize", _ => x => Functional.Normalize(x)),
        Waves("Rescale", device =>
        {
            var lengths = Lengths(device, 1600, 1600);
            return x => Functional.Rescale(x, lengths, 0.5);
        }) with { ReadsHostMemory = true },
        Waves("MeanStdNorm", _ => x => Functional.MeanStdNorm(x)),
        Waves("Convolve1d", device =>
        {
            var kernel = Noise(device, 1, 9, 1);
            return x => Functional.Convolve1d(x.unsqueeze(2), kernel, (8, 0));
        }),
        Waves("Convolve1d by FFT", device =>
        {
            var kernel = Noise(device, 1, 9, 1);
            return x => Functional.Convolve1d(x.unsqueeze(2), kernel, (8, 0), useFft: true);
        }),
        new("NotchFilter", device => () => Functional.NotchFilter(0.3, 21, 0.05, device: device)) { Uploads = 1 },
        Waves("Reverberate", device =>
        {
            var response = Noise(device, 200);
            return x => Functional.Reverberate(x, response);
        }),
    ];

    internal static Tensor Noise(Device device, params long[] shape) => Testing.Noise.Normal(shape, 5).to(ScalarType.Float32).to(device);

    internal static Tensor Lengths(Device device, params long[] lengths) => tensor(lengths, device: device);

    private static TransferCase Waves(string name, Func<Device, Func<Tensor, Tensor>> make) => On(name, make, 2, 1600);

    private static TransferCase Frames(string name, Func<Device, Func<Tensor, Tensor>> make) => On(name, make, 2, 20, 8);

    private static TransferCase On(string name, Func<Device, Func<Tensor, Tensor>> make, params long[] shape) => new(name, device =>
    {
        var x = Noise(device, shape).requires_grad_();
        var call = make(device);
        return () => call(x);
    });
}
