using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

[TestFixture]
public sealed class ActivationTests
{
    [TestCase("Identity", -0.7, -0.7)]
    [TestCase("ReLU", -0.7, 0)]
    [TestCase("leakyrelu", -0.7, -0.007)]
    [TestCase("GELU", 1.0, 0.8413447460685429)]
    [TestCase("Swish", 1.0, 0.7310585786300049)]
    [TestCase("TANH", 1.0, 0.7615941559557649)]
    [TestCase("Sigmoid", 1.0, 0.7310585786300049)]
    public void IsFoundByNameAndHasItsValue(string name, double x, double y)
    {
        using var scope = NewDisposeScope();
        var activation = Activation.Parse(name);
        Assert.That(activation.Name, Is.EqualTo(name).IgnoreCase);
        Assert.That(activation.Apply(tensor(new[] { x })).item<double>(), Is.EqualTo(y).Within(1e-15));
    }

    [TestCase("Identity")]
    [TestCase("ReLU")]
    [TestCase("LeakyReLU")]
    [TestCase("GELU")]
    [TestCase("Swish")]
    [TestCase("Tanh")]
    [TestCase("Sigmoid")]
    public void WorksInPlaceWithoutGradients(string name)
    {
        using var scope = NewDisposeScope();
        var activation = Activation.Parse(name);
        using var module = new PositionalwiseFeedForward(5, 3, activation: activation).Prepared();
        var x = Noise(2, 1, 2, 3);
        var before = x.clone();
        var expected = module.call(x)!;
        using (no_grad())
            AssertClose(module.call(x)!, expected.detach(), 0);
        AssertClose(x, before, 0, "the input is left alone");
        AssertClose(activation.Apply(x), activation.Apply(before), 0);
        AssertClose(x, before, 0, "so is the argument of Apply");
    }

    [Test]
    public void AnyFunctionWillDo()
    {
        using var scope = NewDisposeScope();
        using var module = new PositionalwiseFeedForward(5, 3, activation: new Activation("square", x => x.square())).Prepared();
        using var linear = new PositionalwiseFeedForward(5, 3, activation: Activation.Identity).Prepared();
        Assert.That(module.call(Noise(1, 1, 2, 3))!.equal(linear.call(Noise(1, 1, 2, 3))!).all().item<bool>(), Is.False);
        Assert.That(() => Activation.Parse("swoosh"), Throws.ArgumentException.With.Message.Contains("swoosh").And.Message.Contains("Swish"));
    }

    [Test]
    public void AFunctionMayGiveItsArgumentBack([Values] bool recorded)
    {
        using var scope = NewDisposeScope();
        using var grad = set_grad_enabled(recorded);
        using var same = new PositionalwiseFeedForward(5, 3, activation: new Activation("same", x => x)).Prepared();
        using var linear = new PositionalwiseFeedForward(5, 3, activation: Activation.Identity).Prepared();
        AssertClose(same.call(Noise(1, 1, 2, 3))!, linear.call(Noise(1, 1, 2, 3))!, 0);
        Assert.That(() => new Activation("none", null!), Throws.ArgumentNullException);
    }
}
