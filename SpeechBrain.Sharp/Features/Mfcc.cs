using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>
/// Mel-frequency cepstral coefficients of waveforms: the <see cref="Dct"/> of log mel filterbank outputs.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/lobes/features.py, MFCC</c>.
/// <code>
/// using var mfcc = new Mfcc();
/// using var y = mfcc.call(torch.randn(10, 16000));      // [10, 101, 660] = 20 coefficients, 3 times for derivatives, 11 frames
/// </code>
/// </remarks>
public sealed class Mfcc : SpectralFeatures
{
    private readonly Dct dct;

    /// <summary>Makes a feature extractor.</summary>
    /// <param name="deltas">Whether first and second derivatives follow the coefficients (three times as many).</param>
    /// <param name="context">Whether frames are joined with their neighbours.</param>
    /// <param name="requiresGrad">Whether centres and bands of the filters are learned.</param>
    /// <param name="sampleRate">Samples per second of the waveforms.</param>
    /// <param name="fMin">Lower edge of the first filter in Hz.</param>
    /// <param name="fMax">Upper edge of the last filter in Hz; null: half the sample rate, rounded down.</param>
    /// <param name="nFft">Points of the transform, at least the window's samples.</param>
    /// <param name="nMels">Filters.</param>
    /// <param name="nMfcc">Coefficients, at most <paramref name="nMels"/>.</param>
    /// <param name="filterShape">Shape of the filters over frequency.</param>
    /// <param name="paramChangeFactor">How strongly learned filters react to a gradient.</param>
    /// <param name="leftFrames">Frames before, with <paramref name="context"/>.</param>
    /// <param name="rightFrames">Frames after, with <paramref name="context"/>.</param>
    /// <param name="winLength">Window in ms.</param>
    /// <param name="hopLength">From one frame to the next, in ms.</param>
    /// <exception cref="ArgumentException">A value out of range.</exception>
    public Mfcc(
        bool deltas = true, bool context = true, bool requiresGrad = false, long sampleRate = 16000, double fMin = 0, double? fMax = null, long nFft = 400,
        long nMels = 23, long nMfcc = 20, FilterShape filterShape = FilterShape.Triangular, double paramChangeFactor = 1, long leftFrames = 5,
        long rightFrames = 5, double winLength = 25, double hopLength = 10)
        : base(
            nameof(Mfcc), deltas, context, requiresGrad, sampleRate, fMin, fMax, nFft, nMels, nMfcc, filterShape, paramChangeFactor, leftFrames,
            rightFrames, winLength, hopLength)
    {
        dct = new Dct(nMels, nMfcc);
        register_module("compute_dct", dct);
    }

    /// <inheritdoc/>
    private protected override Tensor Transform(Tensor filterbanks) => dct.call(filterbanks);
}
