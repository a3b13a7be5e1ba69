using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Features;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/recipes/LibriSpeech/ASR/transducer/train.py: the waveforms' relative lengths are used for
/// features and encodings too. But these have 1 + n / 160 frames, and a quarter of that, rounded up: the ratio, rounded again, gives an utterance
/// another length in a batch than alone.
/// </summary>
[TestFixture]
public sealed class RelativeLengthsAfterStriding
{
    [TestCase(32000, 30000, 47)]
    public void AbsoluteLengthsAreThoseOfTheUtteranceAlone(long longest, long samples, long frames)
    {
        using var scope = NewDisposeScope();
        using var fbank = new Fbank(nFft: 512, nMels: 80, winLength: 32);
        using var frontEnd = new ConvolutionFrontEnd([1, 1, 80], 2, 1, [2, 2], [3, 3], [2, 2], residuals: [false, false]);
        Assert.That(frontEnd.OutputLength(fbank.FrameCount(samples)), Is.EqualTo(frames));
        Assert.That(frontEnd.OutputLengths(fbank.FrameCounts(tensor(new[] { longest, samples })))[1].item<long>(), Is.EqualTo(frames));
        long width = frontEnd.OutputLength(fbank.FrameCount(longest));
        Assert.That(Functional.AbsoluteLengths(tensor(new[] { (float)samples / longest }), width)[0].item<long>(), Is.Not.EqualTo(frames));
    }
}
