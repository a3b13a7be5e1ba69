using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class SimpleTransducerLossTests
{
    [Test]
    public void LossesAndPosteriorsAreThoseOfAllAlignments([Values(0, 3)] int blank)
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([4, 3, 1, 5], [3, 0, 2, 1], 5, blank);
        var score = Score(batch, LossReduction.None);
        var log = batch.Logits.log_softmax(-1);
        for (int b = 0; b < 4; b++)
        {
            var paths = batch.Paths(log, b);
            Assert.That(score.Loss[b].item<double>(), Is.EqualTo(-Math.Log(paths.Total)).Within(1e-12));
            AssertArcs(score.BlankArcs[b], paths.BlankShare);
            AssertArcs(score.LabelArcs[b], paths.LabelShare);
        }
    }

    [Test]
    public void ItIsTheLossOfTheSumOfBothSides([Values(1.0, 30.0)] double scale)
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([30, 21, 8], [9, 12, 2], 40, scale: scale);
        var full = Functional.TransducerLoss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, reduction: LossReduction.None);
        AssertClose(Values(Score(batch, LossReduction.None).Loss), Values(full), 1e-12, 0);
        AssertClose(Values(Score(batch, LossReduction.Mean).Loss), [Values(full).Average()], 1e-12, 0);
        AssertClose(Values(Score(batch, LossReduction.Sum).Loss), [Values(full).Sum()], 1e-12, 0);
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.AllFloats))]
    public void EveryDeviceAndDtypeAgrees(DeviceType type, ScalarType dtype)
    {
        var device = Devices.Require(type);
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([30, 21, 8], [9, 12, 2], 40);
        var there = batch with { Am = batch.Am.to(dtype, device), Lm = batch.Lm.to(dtype, device), Targets = batch.Targets.to(device) };
        Assert.That(Score(there, LossReduction.Sum).Loss.dtype, Is.EqualTo(dtype));
        double tolerance = dtype == ScalarType.Float64 ? 1e-10 : 1e-5;
        AssertClose(Values(Score(there, LossReduction.None).Loss), Values(Score(batch, LossReduction.None).Loss), tolerance, 0);
    }

    /// <summary>The smoothed arcs, put together by their definition from three log-softmaxes of the whole lattice.</summary>
    [TestCase(0.25, 0.0)]
    [TestCase(0.0, 0.3)]
    [TestCase(0.4, 0.6)]
    public void SmoothingMixesTheSidesLogProbabilities(double lmScale, double amScale)
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([4, 3], [3, 1], 5);
        var mean = cat([batch.Lm[0], batch.Lm[1].narrow(0, 0, 2)], 0).softmax(-1).mean([0]);
        var mixed = (1 - lmScale - amScale) * batch.Logits.log_softmax(-1) + lmScale * batch.Lm.log_softmax(-1).unsqueeze(1)
            + amScale * (batch.Am + mean.log()).log_softmax(-1).unsqueeze(2);
        var score = Score(batch, LossReduction.None, lmScale, amScale);
        for (int b = 0; b < 2; b++)
            Assert.That(score.Loss[b].item<double>(), Is.EqualTo(-Math.Log(batch.Paths(mixed, b).Total)).Within(1e-12));
    }

    [Test]
    public void GradientsAreThoseOfTheValue(
        [Values(LossReduction.None, LossReduction.Sum, LossReduction.Mean)] LossReduction reduction, [Values(0, 0.2)] double scale)
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([4, 2, 3], [2, 3, 0], 4);
        GradCheck.Check(x => Score(batch with { Am = x[0], Lm = x[1] }, reduction, scale, scale).Loss, batch.Am, batch.Lm);
    }

    [Test]
    public void PaddingChangesNothing()
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([6, 3], [4, 2], 5);
        var other = batch with { Am = batch.Am.clone(), Lm = batch.Lm.clone(), Targets = batch.Targets.clone() };
        other.Am[1].narrow(0, 3, 3).fill_(1e3);
        other.Lm[1].narrow(0, 3, 2).fill_(-1e3);
        other.Targets[1].narrow(0, 2, 2).fill_(-100);
        var (expected, found) = (Score(batch, LossReduction.None, 0.2, 0.1), Score(other, LossReduction.None, 0.2, 0.1));
        Assert.That(Values(found.Loss), Is.EqualTo(Values(expected.Loss)));
        Assert.That(Values(found.BlankArcs), Is.EqualTo(Values(expected.BlankArcs)));
        Assert.That(Values(found.LabelArcs), Is.EqualTo(Values(expected.LabelArcs)));
    }

    /// <summary>Each alignment takes one blank a frame and each label once.</summary>
    [Test]
    public void PosteriorsSumToOneAFrameAndALabel()
    {
        using var scope = NewDisposeScope();
        var score = Score(SimpleBatch.Draw([7, 4], [3, 5], 6), LossReduction.Mean);
        AssertClose(Values(score.BlankArcs.sum(-1)), [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0], 0, 1e-12);
        AssertClose(Values(score.LabelArcs.sum([1])), [1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0], 0, 1e-12);
    }

    /// <summary>Sides that agree on no output: every product of exponentials underflows, and the loss must stay a number.</summary>
    [Test]
    public void SidesFarApartGiveANumber()
    {
        using var scope = NewDisposeScope();
        var am = tensor(new float[,,] { { { 0, 400, 0 }, { 0, 400, 0 } } }).requires_grad_();
        var lm = tensor(new float[,,] { { { 0, 0, 400 }, { 0, 0, 400 } } });
        var loss = Functional.SimpleTransducerLoss(am, lm, tensor(new long[,] { { 1 } }), [2], [1]).Loss;
        loss.backward();
        Assert.That(Values(loss).Concat(Values(am.grad!)), Is.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void NothingLeaks()
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([6, 5], [3, 2], 5);
        LeakCheck.IsClean(() =>
        {
            using var step = NewDisposeScope();
            var am = batch.Am.clone().requires_grad_();
            Score(batch with { Am = am }, LossReduction.None, 0.2, 0.2).Loss.sum().backward();
            am.grad!.Dispose();
        });
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([6, 5], [3, 2], 5);
        Refusal.Of(() => Score(batch with { Am = batch.Am[0] }), "[batch, T, V]");
        Refusal.Of(() => Score(batch with { Lm = batch.Lm.narrow(2, 0, 4) }), "dimension 2 must be 5");
        Refusal.Of(() => Score(batch with { Lm = batch.Lm.to(ScalarType.Float32) }), "convert one of them");
        Refusal.Of(() => Score(batch with { Targets = batch.Targets.narrow(1, 0, 2) }), "dimension 1 must be 3");
        Refusal.Of(() => Score(batch with { Targets = batch.Targets.to(ScalarType.Float32) }), "int64");
        Refusal.Of(() => Score(batch with { Targets = zeros_like(batch.Targets) }), "which is blank");
        Refusal.Of(() => Score(batch with { Frames = [6, 7] }), "inputLens[1] must lie in [1, 6]");
        Refusal.Of(() => Score(batch with { Labels = [3, 4] }), "targetLens[1] must lie in [0, 3]");
        Refusal.Of(() => Score(batch with { Blank = 5 }), "[0, 4]");
        Refusal.Of(() => Score(batch, LossReduction.Mean, 0.6, 0.5), "at most 1 together");
        Refusal.Of(() => Score(batch, LossReduction.Mean, -0.1), "lmOnlyScale");
        Refusal.Of(() => Score(batch, LossReduction.Batch), "Mean");
    }

    private static SimpleTransducerScore Score(
        SimpleBatch batch, LossReduction reduction = LossReduction.Mean, double lmScale = 0, double amScale = 0) =>
        Functional.SimpleTransducerLoss(
            batch.Am, batch.Lm, batch.Targets, batch.Frames, batch.Labels, batch.Blank, reduction, lmScale, amScale);

    private static void AssertArcs(Tensor arcs, double[,] expected)
    {
        for (int t = 0; t < arcs.size(0); t++)
            for (int u = 0; u < arcs.size(1); u++)
                Assert.That(
                    arcs[t, u].item<double>(), Is.EqualTo(t < expected.GetLength(0) && u < expected.GetLength(1) ? expected[t, u] : 0).Within(1e-12));
    }
}
