using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Training;

[TestFixture]
public sealed class NoamSchedulerTests
{
    [Test]
    public void ItRisesLinearlyToThePeakAndFallsWithTheRoot()
    {
        var noam = new NoamScheduler(0.5, 100);
        Assert.That(noam.LrAt(1), Is.EqualTo(0.005).Within(1e-15));
        Assert.That(noam.LrAt(50), Is.EqualTo(0.25).Within(1e-15));
        Assert.That(noam.LrAt(100), Is.EqualTo(0.5).Within(1e-15));
        Assert.That(noam.LrAt(400), Is.EqualTo(0.25).Within(1e-15));
        Assert.That(noam.LrAt(10_000), Is.EqualTo(0.05).Within(1e-15));
    }

    [Test]
    public void AModelSizeReplacesThePeak() =>
        Assert.That(new NoamScheduler(2, 16, modelSize: 64).LrAt(16), Is.EqualTo(2.0 / 8 / 4).Within(1e-15));

    [Test]
    public void EveryGroupIsSetAndTheOldRateReturned()
    {
        using var parameter = new TorchSharp.Modules.Parameter(zeros(1));
        using var other = new TorchSharp.Modules.Parameter(zeros(1));
        using var optimizer = optim.SGD([new TorchSharp.Modules.SGD.ParamGroup([parameter]), new TorchSharp.Modules.SGD.ParamGroup([other])], 0.25);
        var noam = new NoamScheduler(1, 10);
        Assert.That(noam.CurrentLr, Is.EqualTo(1));
        var (oldLr, newLr) = noam.Step(optimizer);
        Assert.That(oldLr, Is.EqualTo(optimizer.ParamGroups.First().InitialLearningRate));
        Assert.That(newLr, Is.EqualTo(0.1).Within(1e-15));
        Assert.That(optimizer.ParamGroups.Select(g => g.LearningRate), Is.EqualTo(new[] { newLr, newLr }));
        Assert.That(noam.CurrentLr, Is.EqualTo(oldLr), "the rate of the step just made");
        Assert.That(noam.NSteps, Is.EqualTo(1));
    }

    [Test]
    public void ARestartGoesOnFromItsNumberOfSteps()
    {
        using var parameter = new TorchSharp.Modules.Parameter(zeros(1));
        using var optimizer = optim.SGD([parameter], 0.25);
        var noam = new NoamScheduler(1, 10) { NSteps = 7 };
        Assert.That(noam.Step(optimizer).NewLr, Is.EqualTo(0.8).Within(1e-15));
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        Refusal.Of(() => new NoamScheduler(0, 10), "above 0");
        Refusal.Of(() => new NoamScheduler(double.NaN, 10), "above 0");
        Refusal.Of(() => new NoamScheduler(1, 0), "at least 1");
        Refusal.Of(() => new NoamScheduler(1, 10, 0), "at least 1");
        Refusal.Of(() => new NoamScheduler(1, 10).LrAt(0), "at least 1");
        Refusal.Of(() => new NoamScheduler(1, 10) { NSteps = -1 }.ToString(), "at least 0");
        Refusal.Of(() => new NoamScheduler(1, 10).Step(null!), "optimizer");
    }
}
