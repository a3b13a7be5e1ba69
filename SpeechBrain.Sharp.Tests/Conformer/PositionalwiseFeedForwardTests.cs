using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

[TestFixture]
public sealed class PositionalwiseFeedForwardTests
{
    [Test]
    public void IsTwoLayersWithAnActivationBetween()
    {
        using var scope = NewDisposeScope();
        using var module = new PositionalwiseFeedForward(5, 3, activation: Activation.Tanh).Prepared();
        var x = Noise(1, 2, 4, 3);
        var w = module.state_dict();
        var expected = x.matmul(w["ffn.0.weight"].t()).add(w["ffn.0.bias"]).tanh().matmul(w["ffn.3.weight"].t()).add(w["ffn.3.bias"]);
        AssertClose(module.call(x)!, expected, 1e-12);
        Assert.That(SelfAttentionTests.Keys(module), Is.EqualTo("ffn.0.bias [5]; ffn.0.weight [5, 3]; ffn.3.bias [3]; ffn.3.weight [3, 5]"));
    }

    [Test]
    public void GradientsAreRight()
    {
        using var scope = NewDisposeScope();
        using var module = new PositionalwiseFeedForward(5, 3, activation: Activation.Swish).Prepared();
        GradCheck.Check(x => module.call(x[0])!, Noise(2, 2, 4, 3));
        var input = Noise(3, 2, 4, 3);
        CheckParameterGradients(module, () => module.call(input)!);
    }

    [Test]
    public void LeavesNothingBehind()
    {
        using var module = new PositionalwiseFeedForward(5, 3, 0.1);
        using var x = zeros(2, 4, 3);
        LeakCheck.IsClean(() => module.call(x)!);
    }

    [Test]
    public void RefusesWhatDoesNotFit()
    {
        using var module = new PositionalwiseFeedForward(5, 3);
        using var wrong = zeros(2, 4, 4);
        Assert.That(() => module.call(wrong), Throws.ArgumentException.With.Message.Contains("[batch, time, 3]"));
        Assert.That(() => new PositionalwiseFeedForward(0, 3), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new PositionalwiseFeedForward(5, 3, -0.1), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void EmbeddingsAreScaledByTheRootOfTheirWidth()
    {
        using var scope = NewDisposeScope();
        using var embedding = new NormalizedEmbedding(4, 5);
        var ids = tensor(new long[,] { { 0, 4 }, { 2, 2 } });
        var y = embedding.call(ids)!;
        AssertClose(y, embedding.state_dict()["emb.Embedding.weight"].index_select(0, ids.flatten()).view(2, 2, 4).mul(2), 1e-7);
        Assert.That(() => embedding.call(tensor(new long[] { 5 })), Throws.ArgumentException.With.Message.Contains("0 to 4"));
        Assert.That(() => embedding.call(tensor(new[] { 1 })), Throws.ArgumentException.With.Message.Contains("int64"));
    }
}
