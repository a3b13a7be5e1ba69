using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Transducer;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/danpovey/fast_rnnt/issues/10 (now k2-fsa/fast_rnnt): with more labels than frames the pruned loss was infinite, since no
/// alignment climbs U labels in T windows of s_range states.
/// </summary>
[TestFixture]
public sealed class PrunedLossOfFewFrames
{
    [Test]
    public void WindowsAreWideEnoughForEveryUtterance()
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([2, 12, 1], [9, 3, 7], 5);
        var score = Functional.SimpleTransducerLoss(batch.Am, batch.Lm, batch.Targets, batch.Frames, batch.Labels);
        var ranges = Functional.PruneRanges(score.BlankArcs, score.LabelArcs, batch.Frames, batch.Labels, sRange: 2);
        var logits = batch.Logits.gather(2, ranges.unsqueeze(-1).expand(-1, -1, -1, 5)).requires_grad_();
        var loss = Functional.PrunedTransducerLoss(logits, ranges, batch.Targets, batch.Frames, batch.Labels);
        loss.backward();
        Assert.That(Values(loss).Concat(Values(logits.grad!)), Is.All.Matches<double>(double.IsFinite));
    }
}
