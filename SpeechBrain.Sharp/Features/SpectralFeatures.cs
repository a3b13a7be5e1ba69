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
    public long FrameCount(long length) => stft.FrameCount(length);

    /// <summary>The number of frames of each waveform.</summary>
    /// <param name="lengths">Samples of each, at least 1.</param>
    public long[] FrameCounts(long[] lengths) => [.. lengths.Select(FrameCount)];

    /// <summary>The number of frames of each waveform, without leaving the device.</summary>
    /// <param name="lengths"><c>[batch]</c> int64, samples, at least 1.</param>
    /// <returns><c>[batch]</c> int64.</returns>
    /// <exception cref="ArgumentException">Not int64 or not one-dimensional.</exception>
    public Tensor FrameCounts(Tensor lengths) => stft.FrameCounts(lengths);

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

    /// <summary>Turns waveforms into features, with mel filters changed for this call, or each waveform up to its own end.</summary>
    /// <param name="wav">As in <see cref="forward"/>.</param>
    /// <param name="variation">The change of the filters; null: none.</param>
    /// <param name="lengths">
    /// <c>[batch]</c> int64, samples of each waveform, on its device. A waveform then has the features that it has alone, whatever the batch holds
    /// behind it: the padding, the decibel floor, derivatives and context end where it ends. Null: all fill the batch, as in SpeechBrain.
    /// </param>
    /// <returns>As <see cref="forward"/>; frames behind an item's own (<see cref="FrameCounts(Tensor)"/>) have no meaning.</returns>
    /// <exception cref="ArgumentException">Wrong rank, type, device or lengths, or no samples.</exception>
    public Tensor Apply(Tensor wav, FilterbankVariation? variation = null, Tensor? lengths = null)
    {
        using var scope = NewDisposeScope();
        var spectra = Functional.SpectralMagnitude(stft.Apply(wav, lengths));
        var frames = lengths is null ? null : FrameCounts(lengths);
        var features = Transform(filterbank.Apply(spectra, variation, frames));
        if (Deltas)
        {
            var first = Derivative(features, frames);
            features = cat([features, first, Derivative(first, frames)], 2);
        }
        if (Context)
            features = window.call(frames is null ? features : FrameEnds.Fill(features, frames, 0));
        return features.MoveToOuterDisposeScope();
    }

    private Tensor Derivative(Tensor x, Tensor? frames) => derivative.call(frames is null ? x : FrameEnds.Repeat(x, frames));

    /// <inheritdoc/>
    public FilterProperties GetFilterProperties() => stft.GetFilterProperties();

    /// <summary>The step between filterbank and derivatives.</summary>
    private protected virtual Tensor Transform(Tensor filterbanks) => filterbanks;
}
