namespace SpeechBrain.Sharp.Features;

/// <summary>
/// Log mel filterbank features of waveforms, in dB.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/lobes/features.py, Fbank</c>; see <see cref="Filterbank"/> for what is particular to it. Its
/// <c>param_rand_factor</c> is the argument of <see cref="SpectralFeatures.Apply"/>.
/// <code>
/// using var fbank = new Fbank(nFft: 512, nMels: 80, winLength: 32);    // the LibriSpeech recipe's
/// using var y = fbank.call(torch.randn(10, 16000));                    // [10, 101, 80]; silence is -100 dB
/// </code>
/// </remarks>
public sealed class Fbank : SpectralFeatures
{
    /// <summary>Makes a feature extractor.</summary>
    /// <param name="deltas">Whether first and second derivatives follow the features (three times as many).</param>
    /// <param name="context">Whether frames are joined with their neighbours.</param>
    /// <param name="requiresGrad">Whether centres and bands of the filters are learned.</param>
    /// <param name="sampleRate">Samples per second of the waveforms.</param>
    /// <param name="fMin">Lower edge of the first filter in Hz.</param>
    /// <param name="fMax">Upper edge of the last filter in Hz; null: half the sample rate, rounded down.</param>
    /// <param name="nFft">Points of the transform, at least the window's samples.</param>
    /// <param name="nMels">Filters.</param>
    /// <param name="filterShape">Shape of the filters over frequency.</param>
    /// <param name="paramChangeFactor">How strongly learned filters react to a gradient.</param>
    /// <param name="leftFrames">Frames before, with <paramref name="context"/>.</param>
    /// <param name="rightFrames">Frames after, with <paramref name="context"/>.</param>
    /// <param name="winLength">Window in ms.</param>
    /// <param name="hopLength">From one frame to the next, in ms.</param>
    /// <exception cref="ArgumentException">A value out of range.</exception>
    public Fbank(
        bool deltas = false, bool context = false, bool requiresGrad = false, long sampleRate = 16000, double fMin = 0, double? fMax = null, long nFft = 400,
        long nMels = 40, FilterShape filterShape = FilterShape.Triangular, double paramChangeFactor = 1, long leftFrames = 5, long rightFrames = 5,
        double winLength = 25, double hopLength = 10)
        : base(
            nameof(Fbank), deltas, context, requiresGrad, sampleRate, fMin, fMax, nFft, nMels, nMels, filterShape, paramChangeFactor, leftFrames,
            rightFrames, winLength, hopLength)
    {
    }
}
