using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Decoding;

[TestFixture]
public sealed class RNNLMTests
{
    private static RNNLM Small(int blocks = 1, double dropout = 0.15)
    {
        random.manual_seed(3);
        var lm = new RNNLM(6, embeddingDim: 4, rnnNeurons: 5, dnnBlocks: blocks, dnnNeurons: 3, dropout: dropout);
        lm.eval();
        return lm;
    }

    /// <summary>The keys and shapes of the recipe's <c>lm.ckpt</c>, with its sizes.</summary>
    [Test]
    public void KeysAreSpeechBrains()
    {
        using var lm = new RNNLM(1000, embeddingDim: 128, rnnLayers: 2, rnnNeurons: 32, dnnBlocks: 2, dnnNeurons: 16);
        var shapes = lm.state_dict().ToDictionary(p => p.Key, p => string.Join(',', p.Value.shape));
        Assert.That(shapes, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["embedding.Embedding.weight"] = "1000,128",
            ["rnn.rnn.weight_ih_l0"] = "128,128",
            ["rnn.rnn.weight_hh_l0"] = "128,32",
            ["rnn.rnn.bias_ih_l0"] = "128",
            ["rnn.rnn.bias_hh_l0"] = "128",
            ["rnn.rnn.weight_ih_l1"] = "128,32",
            ["rnn.rnn.weight_hh_l1"] = "128,32",
            ["rnn.rnn.bias_ih_l1"] = "128",
            ["rnn.rnn.bias_hh_l1"] = "128",
            ["dnn.linear.w.weight"] = "16,32",
            ["dnn.linear.w.bias"] = "16",
            ["dnn.norm.norm.weight"] = "16",
            ["dnn.norm.norm.bias"] = "16",
            ["dnn.linear_0.w.weight"] = "16,16",
            ["dnn.linear_0.w.bias"] = "16",
            ["dnn.norm_0.norm.weight"] = "16",
            ["dnn.norm_0.norm.bias"] = "16",
            ["out.w.weight"] = "1000,16",
            ["out.w.bias"] = "1000",
        }));
    }

    [Test]
    public void TokenByTokenIsTheWhole([Values(0, 1, 2)] int blocks)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var lm = Small(blocks);
        var tokens = tensor(new long[] { 1, 4, 0, 5, 2, 2 }).reshape(2, 3);
        var (whole, hidden, _) = lm.call(tokens);
        Assert.That(whole.shape, Is.EqualTo(new long[] { 2, 3, 6 }));
        (Tensor, Tensor)? state = null;
        for (long t = 0; t < 3; t++)
        {
            var (logits, h, c) = lm.call(tokens.select(1, t), state);
            Assert.That(logits.shape, Is.EqualTo(new long[] { 2, 6 }));
            Numbers.AssertClose(Numbers.Values(logits), Numbers.Values(whole.select(1, t)), 1e-5, 1e-6);
            state = (h, c);
        }
        Numbers.AssertClose(Numbers.Values(state!.Value.Item1), Numbers.Values(hidden), 1e-5, 1e-6);
    }

    /// <summary>What a beam search sees: log-probabilities, and states with a row a text.</summary>
    [Test]
    public void ItIsALanguageModelOfBeamSearch()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var lm = Small();
        ILanguageModel model = lm;
        var tokens = tensor(new long[] { 1, 4, 0, 5, 2, 2 }).reshape(3, 2);
        var (first, states) = model.Next(tokens.select(1, 0), null);
        Assert.That(states.Select(s => s.shape), Is.All.EqualTo(new long[] { 3, 2, 5 }));
        Numbers.AssertClose(Numbers.Values(first.exp().sum([1])), [1, 1, 1], 1e-5, 0);
        var last = tensor(new long[] { 2 });
        var (second, _) = model.Next(tokens.select(1, 1).index_select(0, last), [.. states.Select(s => s.index_select(0, last))]);
        Numbers.AssertClose(
            Numbers.Values(second), Numbers.Values(lm.call(tokens).Logits.log_softmax(-1)[2, 1]), 1e-5, 1e-6);
    }

    [Test]
    public void DropoutIsForTraining()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var lm = Small(dropout: 0.5);
        var tokens = tensor(new long[] { 1, 4, 0, 5, 2, 2 }).reshape(2, 3);
        double[] calm = Numbers.Values(lm.call(tokens).Logits);
        Assert.That(Numbers.Values(lm.call(tokens).Logits), Is.EqualTo(calm));
        lm.train();
        Assert.That(Numbers.Values(lm.call(tokens).Logits), Is.Not.EqualTo(calm));
    }

    [Test]
    public void AnActivationCanBeChosen()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var tokens = tensor(new long[] { 1, 4 }).reshape(1, 2);
        double[] Logits(Activation? activation)
        {
            random.manual_seed(3);
            using var lm = new RNNLM(6, 4, activation, rnnNeurons: 5, dnnNeurons: 3);
            lm.eval();
            return Numbers.Values(lm.call(tokens).Logits);
        }

        Assert.That(Logits(Activation.LeakyReLU), Is.EqualTo(Logits(null)).And.Not.EqualTo(Logits(Activation.Tanh)));
    }

    [Test]
    public void NothingLeaks()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var lm = Small();
        var tokens = tensor(new long[] { 1, 4, 0, 5, 2, 2 }).reshape(2, 3);
        LeakCheck.IsClean(() =>
        {
            var (logits, hidden, cell) = lm.call(tokens);
            foreach (var t in (Tensor[])[logits, hidden, cell])
                t.Dispose();
        });
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        using var lm = Small();
        Refusal.Of(() => lm.call(zeros(1, 1, 1, dtype: ScalarType.Int64)), "[batch, time] or [batch]");
        Refusal.Of(() => lm.call(tensor(new long[] { 6 })), "[0, 5]");
        Refusal.Of(() => new RNNLM(6, dropout: 1), "dropout");
        Refusal.Of(() => new RNNLM(6, rnnLayers: 0), "rnnLayers");
        Refusal.Of(() => new RNNLM(6, dnnBlocks: -1), "dnnBlocks");
    }
}
