using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>
/// The chain that <see cref="Fbank"/> and <see cref="Mfcc"/> share: STFT, power spectrum, mel filters in dB, a transform of each frame,
/// derivatives, context.
/// </summary>
/// <remarks>
/// Submodules have SpeechBrain's names (<c>compute_STFT</c>, <c>compute_fbanks</c>, <c>compute_deltas</c>, <c>context_window</c>), so a state dict
/// has SpeechBrain's keys.
/// </remarks>
public abstract class SpectralFeatures : nn.Module<Tensor, Tensor>, IFilter
{
    private readonly Stft stft;
    private readonly Filterbank filterbank;
    private readonly Deltas derivative;
    private readonly ContextWindow window;

    /// <summary>Makes the chain; the arguments are those of <see cref="Fbank"/>.</summary>
    private protected SpectralFeatures(
        string name, bool deltas, bool context, bool requiresGrad, long sampleRate, double fMin, double? fMax, long nFft, long nMels, long features,
        FilterShape filterShape, double paramChangeFactor, long leftFrames, long rightFrames, double winLength, double hopLength)
        : base(name)
    {
        Deltas = deltas;
        Context = context;
        stft = new Stft(sampleRate, winLength, hopLength, nFft);
        filterbank = new Filterbank(
            nMels, filterShape: filterShape, fMin: fMin, fMax: fMax ?? sampleRate / 2, nFft: nFft, sampleRate: sampleRate,
            paramChangeFactor: paramChangeFactor, freeze: !requiresGrad);
        derivative = new Deltas(features);
        window = new ContextWindow(leftFrames, rightFrames);
        register_module("compute_STFT", stft);
        register_module("compute_fbanks", filterbank);
        register_module("compute_deltas", derivative);
        register_module("context_window", window);
    }

    /// <summary>Whether first and second derivatives follow the features.</summary>
    public bool Deltas { get; }

    /// <summary>Whether frames are joined with their neighbours.</summary>
    public bool Context { get; }

    /// <summary>From one frame to the next, in samples.</summary>
    public long HopLength => stft.HopLength;

    /// <summary>The filters, for their parameters.</summary>
    public Filterbank Filters => filterbank;

    /// <summary>The number of frames of <paramref name="length"/> samples: <c>1 + length / hop</c> for even <c>nFft</c>.</summary>
    /// <param name="length">Samples of a waveform, at least 1.</param>
    public long FrameCount(long length)
    {
        Require.Range(length, nameof(length), 1);
        return 1 + (length + stft.NFft / 2 * 2 - stft.NFft) / stft.HopLength;
    }

    /// <summary>Turns waveforms into features.</summary>
    /// <param name="wav">
    /// <c>[batch, time]</c> or <c>[batch, time, channels]</c>, floating point; half precision is computed in float32. At least one sample.
    /// </param>
    /// <returns>
    /// <c>[batch, frames, features]</c> or <c>[batch, frames, features, channels]</c>, float64 for float64 input, else float32; the dB values of
    /// speech do not fit half precision. <c>frames = FrameCount(time)</c>.
    /// </returns>
    /// <exception cref="ArgumentException">Wrong rank, type or device, or no samples.</exception>
    public override Tensor forward(Tensor wav) => Apply(wav, null);

    /// <summary>Turns waveforms into features, with mel filters changed for this call.</summary>
    /// <param name="wav">As in <see cref="forward"/>.</param>
    /// <param name="variation">The change of the filters; null: none.</param>
    /// <returns>As <see cref="forward"/>.</returns>
    /// <exception cref="ArgumentException">Wrong rank, type or device, or no samples.</exception>
    public Tensor Apply(Tensor wav, FilterbankVariation? variation)
    {
        using var scope = NewDisposeScope();
        var features = Transform(filterbank.Apply(Functional.SpectralMagnitude(stft.call(wav)), variation));
        if (Deltas)
        {
            var first = derivative.call(features);
            features = cat([features, first, derivative.call(first)], 2);
        }
        return (Context ? window.call(features) : features).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public FilterProperties GetFilterProperties() => stft.GetFilterProperties();

    /// <summary>The step between filterbank and derivatives.</summary>
    private protected virtual Tensor Transform(Tensor filterbanks) => filterbanks;
}
