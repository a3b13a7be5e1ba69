using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class ConformerTransducerTests
{
    private static readonly ConformerTransducerOptions Small = new()
    {
        NMels = 12,
        FrontEndChannels = [4, 3],
        DModel = 16,
        NHead = 4,
        NumEncoderLayers = 2,
        DFfn = 24,
        KernelSize = 5,
        JointDim = 12,
        OutputNeurons = 7,
        DecDim = 10,
        MaxLength = 40,
        FrontEndDropout = 0,
        Dropout = 0,
        DecEmbDropout = 0,
        DecDropout = 0,
    };

    private static readonly AttentionType[] Attentions = Enum.GetValues<AttentionType>();

    [Test]
    public void TheRecipesSizesAreTheDefault()
    {
        var o = new ConformerTransducerOptions();
        long[] sizes = [o.NMels, o.DModel, o.NHead, o.NumEncoderLayers, o.DFfn, o.JointDim, o.OutputNeurons, o.DecDim];
        Assert.That(sizes, Is.EqualTo(new long[] { 80, 512, 8, 12, 2048, 640, 1000, 512 }));
        Assert.That((o.AttentionType, o.CtcWeight, o.JointActivation, o.BlankIndex), Is.EqualTo((AttentionType.RoPEMHA, 0.3, Activation.GELU, 0L)));
    }

    [Test]
    public void KeysBeginWithTheNumbersOfTheRecipesList()
    {
        using var model = new ConformerTransducer(Small);
        var keys = model.state_dict().Keys.ToList();
        Assert.That(keys.Select(k => k[..2]).Distinct(), Is.EqualTo(new[] { "0.", "1.", "2.", "3.", "4.", "5.", "6.", "7." }));
        string[] some = ["2.Embedding.weight", "3.rnn.weight_ih_l0", "4.w.weight", "5.w.weight", "6.w.weight", "6.w.bias", "7.w.weight"];
        Assert.That(keys, Is.SupersetOf(some));
        Assert.That(keys, Has.None.EqualTo("4.w.bias").And.None.EqualTo("5.w.bias").And.None.EqualTo("7.w.bias"));
        Assert.That(model.named_parameters().Where(p => !p.Item2.requires_grad).Select(p => p.Item1), Does.Contain("2.Embedding.weight"));
    }

    [Test]
    public void FramesComeOutAsForetold([Values(9, 10, 11, 12, 25)] int frames)
    {
        using var scope = NewDisposeScope();
        using var model = Eval(Small);
        var encoded = model.Encode(ones(1, frames, 12));
        Assert.That(encoded.shape, Is.EqualTo(new[] { 1, model.EncodedLengths([frames])[0], 12 }));
        Assert.That(
            model.call(ones(1, frames, 12), ones(1, 3, dtype: ScalarType.Int64), null)!.shape, Is.EqualTo(new[] { 1, encoded.size(1), 3, 7 }));
    }

    /// <summary>
    /// The mean loss of a padded batch is the mean of its utterances' losses: nothing leaks out of padding, lengths are right after striding.
    /// </summary>
    [TestCaseSource(nameof(Attentions))]
    public void ABatchLosesWhatItsUtterancesLoseAlone(AttentionType attention)
    {
        using var scope = NewDisposeScope();
        using var model = Eval(Small with { AttentionType = attention }).@double();
        var (features, frames, tokens, tokenLengths) = Batch();
        var encoded = model.Encode(features, tensor(frames));
        var batch = model.Loss(encoded, model.EncodedLengths(frames), tokens, tokenLengths);
        double[] alone = [.. Enumerable.Range(0, 3).Select(b =>
        {
            var own = model.Encode(features.narrow(0, b, 1).narrow(1, 0, frames[b]));
            return model.Loss(own, [own.size(1)], tokens.narrow(0, b, 1).narrow(1, 0, tokenLengths[b]), [tokenLengths[b]]).Total.item<double>();
        })];
        Assert.That(batch.Total.item<double>(), Is.EqualTo(alone.Average()).Within(1e-9));
    }

    [Test]
    public void RelativeLengthsAreLengthsToo()
    {
        using var scope = NewDisposeScope();
        using var model = Eval(Small);
        var (features, frames, _, _) = Batch();
        features = features.to(ScalarType.Float32);
        var relative = tensor(frames.Select(f => (float)f / 40).ToArray());
        Assert.That(Values(model.Encode(features, relative)), Is.EqualTo(Values(model.Encode(features, tensor(frames)))));
    }

    [Test]
    public void TheTotalIsTheWeightedSum([Values(0.0, 0.3, 1.0)] double weight)
    {
        using var scope = NewDisposeScope();
        using var model = Eval(Small with { CtcWeight = weight }).@double();
        var (features, frames, tokens, tokenLengths) = Batch();
        var encoded = model.Encode(features, tensor(frames));
        var losses = model.Loss(encoded, model.EncodedLengths(frames), tokens, tokenLengths);
        double transducer = losses.Transducer.item<double>();
        Assert.That(losses.Total.item<double>(), Is.EqualTo(weight * losses.Ctc!.item<double>() + (1 - weight) * transducer).Within(1e-12));
        var without = model.Loss(encoded, tensor(model.EncodedLengths(frames)), tokens, tensor(tokenLengths), withCtc: false);
        Assert.That(without.Ctc, Is.Null);
        Assert.That(without.Transducer.item<double>(), Is.EqualTo(transducer));
        Assert.That(without.Total.item<double>(), Is.EqualTo((1 - weight) * transducer).Within(1e-12));
    }

    /// <summary>Fused or not, with lengths of either kind: one value and the same gradient of every weight.</summary>
    [Test]
    public void TheFusedLossIsTheSameLoss()
    {
        using var scope = NewDisposeScope();
        using var plain = Eval(Small with { FusedLoss = false }).@double();
        using var fused = Eval(Small).@double();
        var (features, frames, tokens, tokenLengths) = Batch();
        Assert.That(fused.Options.FusedLoss, Is.True, "by default");
        var losses = Run(plain);
        AssertClose(Run(fused), losses, 1e-12, 0);
        foreach (var (own, other) in fused.named_parameters().Zip(plain.named_parameters()).Where(p => p.First.Item2.requires_grad))
            AssertClose(Values(own.Item2.grad!), Values(other.Item2.grad!), 1e-8, 1e-11);
        var encoded = fused.Encode(features, tensor(frames));
        var byTensors = fused.Loss(encoded, tensor(fused.EncodedLengths(frames)), tokens, tensor(tokenLengths));
        AssertClose([byTensors.Total.item<double>(), byTensors.Transducer.item<double>(), byTensors.Ctc!.item<double>()], losses, 1e-12, 0);
        using var poor = Eval(Small with { LossMemoryBudget = 100 }).@double();
        Refusal.Of(() => Run(poor), "budget must be at least");

        double[] Run(ConformerTransducer model)
        {
            var result = model.Loss(model.Encode(features, tensor(frames)), model.EncodedLengths(frames), tokens, tokenLengths);
            result.Total.backward();
            return [result.Total.item<double>(), result.Transducer.item<double>(), result.Ctc!.item<double>()];
        }
    }

    [Test]
    public void ChunksHideTheFuture()
    {
        using var scope = NewDisposeScope();
        using var model = Eval(Small).@double();
        var (features, _, _, _) = Batch();
        var later = features.clone();
        later.narrow(1, 32, 8).fill_(5);
        double[] First(Tensor x, DynChunkTrainConfig? chunks) => Values(model.Encode(x, null, chunks).narrow(1, 0, 4));
        AssertClose(First(later, new(2, 1)), First(features, new(2, 1)), 1e-10, 1e-12);
        Assert.That(First(later, null), Is.Not.EqualTo(First(features, null)), "without chunks the future is seen");
    }

    [Test]
    public void DropoutActsInTrainingAlone()
    {
        using var scope = NewDisposeScope();
        using var model = Eval(Small with { DecEmbDropout = 0.5, DecDropout = 0.5 });
        var tokens = model.WithBos(tensor(new long[,] { { 1, 2, 3, 4 } }));
        double[] still = Values(model.Predict(tokens));
        Assert.That(Values(model.Predict(tokens)), Is.EqualTo(still));
        model.train();
        Assert.That(Values(model.Predict(tokens)), Is.Not.EqualTo(still));
    }

    /// <summary>Every trainable weight takes part: the gradient of each has an element other than 0, and none is NaN.</summary>
    [TestCaseSource(nameof(Attentions))]
    public void EveryWeightGetsAGradient(AttentionType attention)
    {
        using var scope = NewDisposeScope();
        using var model = Eval(Small with { AttentionType = attention }).@double();
        var (features, frames, tokens, tokenLengths) = Batch();
        model.Loss(model.Encode(features, tensor(frames)), model.EncodedLengths(frames), tokens, tokenLengths).Total.backward();
        foreach (var (name, parameter) in model.named_parameters().Where(p => p.Item2.requires_grad))
        {
            Assert.That(parameter.grad, Is.Not.Null, name);
            double[] gradient = Values(parameter.grad!);
            Assert.That(gradient, Has.None.NaN, name);
            // A bias of all keys moves every score of a row alike, which softmax does not see.
            if (!name.EndsWith("in_proj_bias", StringComparison.Ordinal))
                Assert.That(gradient.Any(g => g != 0), Is.True, name);
        }
    }

    [Test]
    public void ItLearnsThreeUtterancesByHeart([Values(null, ScalarType.BFloat16)] ScalarType? products)
    {
        random.manual_seed(5);
        using var model = new ConformerTransducer(Small with { ComputeType = products });
        using var optimizer = optim.AdamW(model.parameters(), 0.01);
        using var scope = NewDisposeScope();
        var (features, frames, tokens, tokenLengths) = Batch();
        features = features.to(ScalarType.Float32);
        var lengths = tensor(frames);
        long[] encodedLengths = model.EncodedLengths(frames);
        for (int step = 0; step < 150; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            model.Loss(model.Encode(features, lengths), encodedLengths, tokens, tokenLengths).Total.backward();
            optimizer.step();
        }
        model.eval();
        var found = TransducerGreedySearcher.For(model).Search(model.Encode(features, lengths), encodedLengths);
        for (int b = 0; b < 3; b++)
            Assert.That(
                found[b].Tokens.Select(t => (long)t), Is.EqualTo(tokens[b].narrow(0, 0, tokenLengths[b]).data<long>().ToArray()), $"utterance {b}");
    }

    /// <summary>Logits are halved, which is where memory is scarce; losses are float32, and so are gradients.</summary>
    [TestCaseSource(nameof(Attentions))]
    public void LossesInMixedPrecisionAreNearThoseInFloat32(AttentionType attention)
    {
        using var scope = NewDisposeScope();
        using var model = Eval(Small with { AttentionType = attention });
        using var mixed = Eval(Small with { AttentionType = attention, ComputeType = ScalarType.BFloat16 });
        var (features, frames, tokens, tokenLengths) = Batch();
        features = features.to(ScalarType.Float32);
        var (expected, actual) = (Losses(model), Losses(mixed));
        Assert.That((actual.Transducer.dtype, actual.Ctc!.dtype), Is.EqualTo((ScalarType.Float32, ScalarType.Float32)));
        Assert.That(actual.Transducer.item<float>(), Is.EqualTo(expected.Transducer.item<float>()).Within(2).Percent);
        Assert.That(actual.Ctc.item<float>(), Is.EqualTo(expected.Ctc!.item<float>()).Within(2).Percent);
        Assert.That(actual.Total.item<float>(), Is.Not.EqualTo(expected.Total.item<float>()));
        actual.Total.backward();
        Assert.That(
            mixed.parameters().Where(p => p.requires_grad).Select(p => (p.dtype, p.grad!.dtype)),
            Is.All.EqualTo((ScalarType.Float32, ScalarType.Float32)));
        Assert.That(mixed.Joint(mixed.Encode(features), mixed.Predict(tokens)).dtype, Is.EqualTo(ScalarType.BFloat16));
        mixed.ComputeIn(null);
        Assert.That(Losses(mixed).Total.item<float>(), Is.EqualTo(expected.Total.item<float>()));

        TransducerLosses Losses(ConformerTransducer m) => m.Loss(m.Encode(features, tensor(frames)), m.EncodedLengths(frames), tokens, tokenLengths);
    }

    [Test]
    public void Float16OnTheCpuIsRefused()
    {
        using var scope = NewDisposeScope();
        using var model = Eval(Small with { ComputeType = ScalarType.Float16 });
        Refusal.Of(() => model.Encode(ones(1, 40, 12)), "ComputeIn(ScalarType.BFloat16)");
        model.ComputeIn(null).to(ScalarType.Float16);
        Refusal.Of(() => model.Predict(ones(1, 3, dtype: ScalarType.Int64)), "float16 on a GPU alone");
    }

    [Test]
    public void ChunksStreamIntoTheJointsWidth()
    {
        using var scope = NewDisposeScope();
        using var model = Eval(Small).@double();
        var (features, _, _, _) = Batch();
        var chunks = new DynChunkTrainConfig(3, 1);
        var source = model.FrontEnd.call(features);
        using var context = model.MakeStreamingContext(chunks);
        var parts = Enumerable.Range(0, 4).Select(n => model.EncodeStreaming(source.narrow(1, 3 * n, Math.Min(3, source.size(1) - 3 * n)), context));
        AssertClose(Values(cat([.. parts], 1)), Values(model.Encode(features, null, chunks)), 1e-9, 1e-9);
    }

    [Test]
    public void NothingLeaks()
    {
        using var scope = NewDisposeScope();
        using var model = Eval(Small).@double();
        var (features, frames, tokens, tokenLengths) = Batch();
        var lengths = tensor(frames);
        LeakCheck.IsClean(() => model.Encode(features, lengths));
        LeakCheck.IsClean(() => model.Predict(tokens));
        LeakCheck.IsClean(() => model.call(features, tokens, lengths)!);
        LeakCheck.IsClean(() =>
        {
            using var step = NewDisposeScope();
            model.Loss(model.Encode(features, lengths), model.EncodedLengths(frames), tokens, tokenLengths).Total.backward();
            model.zero_grad();
        });
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        using var model = Eval(Small);
        Refusal.Of(() => model.Encode(ones(9, 12)), "[batch, time, NMels]");
        Refusal.Of(() => model.Encode(ones(1, 9, 11)), "12 features");
        Refusal.Of(() => model.Encode(ones(2, 9, 12), tensor(new long[] { 9, 10 })), "[1, 9]");
        Refusal.Of(() => model.Encode(ones(2, 9, 12), tensor(new long[] { 9 })), "one length for each utterance");
        Refusal.Of(() => model.Predict(ones(3, dtype: ScalarType.Int64)), "[batch, U + 1]");
        Refusal.Of(() => model.Predict(full(1, 3, 7, dtype: ScalarType.Int64)), "[0, 6]");
        Refusal.Of(() => model.WithBos(ones(1, 3)), "int64");
        var tokens = ones([1, 2], ScalarType.Int64);
        Refusal.Of(() => model.Loss(null!, [3], tokens, [2]), "encoded");
        Refusal.Of(() => model.Loss(ones(1, 3, 12), null!, tokens, tensor(new long[] { 2 })), "encodedLens");
        Refusal.Of(() => model.Loss(ones(1, 3, 12), tensor(new long[] { 3 }), tokens, null!), "tokenLens");
        Refusal.Of(() => model.Joint(ones(1, 3, 11), ones(1, 4, 12)), "one width");
        Refusal.Of(() => new ConformerTransducer(Small with { CtcWeight = 1.5 }), "[0, 1]");
        Refusal.Of(() => new ConformerTransducer(Small with { BlankIndex = 7 }), "[0, 6]");
        Refusal.Of(() => new ConformerTransducer(Small with { NHead = 5 }), "5");
        Refusal.Of(() => new ConformerTransducer(Small with { FrontEndStrides = [2] }), "2 blocks");
    }

    private static ConformerTransducer Eval(ConformerTransducerOptions options)
    {
        random.manual_seed(3);
        var model = new ConformerTransducer(options);
        model.eval();
        return model;
    }

    private static (Tensor Features, long[] Frames, Tensor Tokens, long[] TokenLengths) Batch()
    {
        using var generator = new Generator(14);
        return (
            randn([3, 40, 12], dtype: ScalarType.Float64, generator: generator), [40, 27, 33],
            tensor(new long[,] { { 1, 5, 2, 2 }, { 3, 1, 0, 0 }, { 6, 4, 2, 0 } }), [4, 2, 3]);
    }
}
