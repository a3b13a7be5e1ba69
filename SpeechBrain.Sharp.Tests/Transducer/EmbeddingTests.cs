using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class EmbeddingTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    public void OneHotVectorsLeaveBlankOut(int blank)
    {
        using var scope = NewDisposeScope();
        using var embedding = new Embedding(4, considerAsOneHot: true, blankId: blank);
        double[] values = Values(embedding.call(tensor(new long[] { 0, 1, 2, 3 }))!);
        for (int label = 0; label < 4; label++)
        {
            int hot = label == blank ? -1 : label < blank ? label : label - 1;
            for (int k = 0; k < 3; k++)
                Assert.That(values[label * 3 + k], Is.EqualTo(k == hot ? 1 : 0), $"label {label}, element {k}");
        }
    }

    [Test]
    public void OnlyATrainedTableIsTrained()
    {
        using var oneHot = new Embedding(5, considerAsOneHot: true);
        using var trained = new Embedding(5, 7);
        Assert.That(oneHot.parameters().Select(p => p.requires_grad), Is.EqualTo(new[] { false }));
        Assert.That(trained.parameters().Select(p => p.requires_grad), Is.EqualTo(new[] { true }));
        Assert.That(oneHot.state_dict().Single().Key, Is.EqualTo("Embedding.weight"));
        Assert.That(oneHot.state_dict().Single().Value.shape, Is.EqualTo(new long[] { 5, 4 }));
        Assert.That(trained.state_dict().Single().Value.shape, Is.EqualTo(new long[] { 5, 7 }));
    }

    [Test]
    public void TheOneHotTableStaysFrozenWhenMoved()
    {
        using var embedding = new Embedding(5, considerAsOneHot: true).@double();
        Assert.That(embedding.parameters().Single().dtype, Is.EqualTo(ScalarType.Float64));
        Assert.That(embedding.parameters().Single().requires_grad, Is.False);
    }

    [Test]
    public void Int32LabelsAreLabelsToo()
    {
        using var scope = NewDisposeScope();
        using var embedding = new Embedding(4, considerAsOneHot: true);
        var labels = tensor(new long[,] { { 0, 3, 1 } });
        Assert.That(Values(embedding.call(labels.to(ScalarType.Int32))!), Is.EqualTo(Values(embedding.call(labels)!)));
        LeakCheck.IsClean(() => embedding.call(labels)!);
    }

    [Test]
    public void OutlivesTheScopeItWasMadeIn()
    {
        Embedding embedding;
        using (NewDisposeScope())
            embedding = new Embedding(4, 3);
        using var scope = NewDisposeScope();
        Assert.That(embedding.parameters().Single().shape, Is.EqualTo(new long[] { 4, 3 }));
        Assert.That(embedding.call(zeros(1, 2, dtype: ScalarType.Int64))!.shape, Is.EqualTo(new long[] { 1, 2, 3 }));
        embedding.Dispose();
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        using var embedding = new Embedding(4, considerAsOneHot: true);
        Refusal.Of(() => embedding.call(tensor(new long[] { 0, 4 })), "[0, 3]");
        Refusal.Of(() => embedding.call(tensor(new long[] { -1 })), "[0, 3]");
        Refusal.Of(() => embedding.call(ones(2)), "int64");
        Refusal.Of(() => new Embedding(1, considerAsOneHot: true), "at least 2");
        Refusal.Of(() => new Embedding(4, considerAsOneHot: true, blankId: 4), "[0, 3]");
        Refusal.Of(() => new Embedding(4, 0), "at least 1");
    }
}
