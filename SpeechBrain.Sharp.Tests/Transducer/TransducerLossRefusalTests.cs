using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>Arguments that do not fit, each named.</summary>
[TestFixture(TransducerLossEngine.Cpu)]
[TestFixture(TransducerLossEngine.Tensor)]
public sealed class TransducerLossRefusalTests(TransducerLossEngine engine) : TransducerLossFixture(engine)
{
    [Test]
    public void WrongKindsAreNamed()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([6, 5], [3, 2], 5);
        Refusal.Of(() => Call(batch with { Logits = batch.Logits[0] }), "[batch, T, U + 1, V]");
        Refusal.Of(() => Call(batch with { Logits = batch.Logits.to(ScalarType.Int64) }), "float32");
        Refusal.Of(() => Call(batch with { Logits = batch.Logits.narrow(1, 0, 0) }), "may be 0");
        Refusal.Of(() => Call(batch with { Targets = batch.Targets[0] }), "[batch, U]");
        Refusal.Of(() => Call(batch with { Targets = batch.Targets.to(ScalarType.Float32) }), "int64");
        Refusal.Of(() => Call(batch with { Targets = batch.Targets.narrow(1, 0, 2) }), "dimension 1 must be 3");
        Refusal.Of(() => Call(batch with { Targets = batch.Targets.narrow(0, 0, 1) }), "dimension 0 must be 2");
        Refusal.Of(() => Call(batch with { Blank = 5 }), "[0, 4]");
        Refusal.Of(() => Call(batch with { Blank = -1 }), "[0, 4]");
        Refusal.Of(
            () => Loss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, reduction: LossReduction.BatchMean), "Mean");
        Refusal.Of(
            () => Loss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, options: new() { LatticeType = ScalarType.BFloat16 }),
            "Float64 or Float32");
        Refusal.Of(() => Functional.TransducerLoss(
            batch.Logits.to(META), batch.Targets.to(META), batch.Frames, batch.Labels, options: new() { Engine = TransducerLossEngine.Cpu }),
            "which the engine Cpu does not serve");
        Refusal.Of(() => Call(batch, new() { FastEmit = -0.1 }), "FastEmit");
        Refusal.Of(() => Call(batch, new() { FastEmit = double.NaN }), "FastEmit");
        Refusal.Of(() => Call(batch, new() { GradientClamp = 0 }), "GradientClamp");
        Refusal.Of(
            () => Functional.TransducerLoss(
                batch.Logits, batch.Targets, batch.Frames, batch.Labels, options: new() { Engine = (TransducerLossEngine)7 }), "Auto, Tensor, Cpu");
        Refusal.Of(() => new TransducerLoss(blankIndex: -1), "at least 0");
        Refusal.Of(() => new TransducerLoss(options: new() { GradientClamp = double.NaN }), "GradientClamp");
    }

    [Test]
    public void WrongLengthsAreNamed()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([6, 5], [3, 2], 5);
        Refusal.Of(() => Call(batch with { Frames = [6] }), "2 utterances");
        Refusal.Of(() => Call(batch with { Frames = [6, 7] }), "inputLens[1] must lie in [1, 6]");
        Refusal.Of(() => Call(batch with { Frames = [0, 6] }), "inputLens[0] must lie in [1, 6]");
        Refusal.Of(() => Call(batch with { Labels = [3, 4] }), "targetLens[1] must lie in [0, 3]");
        Refusal.Of(() => Call(batch with { Labels = [-1, 3] }), "targetLens[0] must lie in [0, 3]");
        Refusal.Of(() => Relative(tensor(new[] { 1f, 0.05f })), "rounds to 0");
        Refusal.Of(() => Relative(tensor(new[] { 1f, 1.1f })), "[0, 1]");
        Refusal.Of(() => Relative(tensor(new[] { 1f, float.NaN })), "[0, 1]");
        Refusal.Of(() => Relative(tensor(new[] { true, true })), "as integers");
        Refusal.Of(() => Relative(tensor(new[] { 1f })), "one length for each utterance");

        Tensor Relative(Tensor inputLens) => Loss(batch.Logits, batch.Targets, inputLens, tensor(batch.Labels));
    }

    [Test]
    public void WrongLabelsAreNamedAndPaddingMayHoldAnything()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([6, 5], [3, 2], 5);
        var expected = Call(batch);
        foreach (long value in (long[])[0, 5, -1, -100])
        {
            var inside = batch.Targets.clone();
            inside[1, 1] = tensor(value);
            Refusal.Of(
                () => Call(batch with { Targets = inside }), value == 0 ? "targets[1, 1] is 0, which is blank" : "targets[1, 1] must lie in [0, 4]");
            Refusal.Of(() => TransducerLoss.Validate(batch.Logits, inside, tensor(batch.Frames), tensor(batch.Labels)), "targets[1, 1]");
            var behind = batch.Targets.clone();
            behind[1, 2] = tensor(value);
            Assert.That(Call(batch with { Targets = behind }).item<double>(), Is.EqualTo(expected.item<double>()));
        }
    }
}
