using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

/// <summary>Chunk by chunk the encoder gives what it gives of the whole sequence under the chunks' masks.</summary>
[TestFixture]
public sealed class StreamingTests
{
    private const int Features = 6, Model = 8;

    [Test]
    public void EqualsTheWholePass(
        [Values] AttentionType type, [Values(1, 2, 5, 16)] int chunk, [Values(0, 1, 3, null)] int? left, [Values(1, 5, 10, 13)] int time)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(type);
        var config = new DynChunkTrainConfig(chunk, left);
        var x = Noise(time, 2, time, Features);
        AssertClose(Streamed(encoder, x, config), encoder.call(x, null, config), 1e-11);
    }

    [Test]
    public void EqualsTheWholePassInFloat32([Values] AttentionType type, [Values(2, null)] int? left)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(type, dtype: ScalarType.Float32);
        var config = new DynChunkTrainConfig(16, left);
        var x = Noise(1, ScalarType.Float32, 1, 190, Features);
        AssertClose(Streamed(encoder, x, config), encoder.call(x, null, config), 2e-5);
    }

    /// <summary>Kernels of one frame keep nothing (SpeechBrain keeps the whole past there), large ones reach over several chunks.</summary>
    [Test]
    public void EqualsTheWholePassForEveryKernel([Values(1, 3, 9, 31)] int kernel, [Values] bool compatible)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(AttentionType.RoPEMHA, kernel, compatible: compatible);
        var config = new DynChunkTrainConfig(3, 1);
        var x = Noise(2, 2, 23, Features);
        AssertClose(Streamed(encoder, x, config), encoder.call(x, null, config), 1e-11);
        using var context = encoder.MakeStreamingContext(config);
        encoder.ForwardStreaming(x[.., ..3], context);
        long? kept = context.EncoderContext.Layers[0].DcconvLeftContext?.size(1);
        Assert.That(kept, Is.EqualTo(kernel == 1 ? null : Math.Min(3, (kernel - 1) / 2)));
    }

    [Test]
    public void ALayerStreamsByItself([Values] AttentionType type, [Values(0, 4, null)] int? left)
    {
        using var scope = NewDisposeScope();
        using var layer = new ConformerEncoderLayer(Model, 10, 2, 5, attentionType: type).Prepared();
        using var encoding = new RelPosEncXL(Model);
        var config = new DynChunkTrainConfig(2, left / 2);
        var x = Noise(3, 2, 11, Model);
        Tensor? Positions(long frames) => type == AttentionType.RelPosMHAXL ? encoding.MakePe(frames, ScalarType.Float64) : null;
        var mask = AttentionMask.From(Functional.MakeTransformerSrcMask(x, false, config), null, ScalarType.Float64);
        var whole = layer.call(x, mask, Positions(11), config);

        using var context = layer.MakeStreamingContext(left);
        List<Tensor> parts = [];
        for (int t = 0; t < 11; t += 2)
        {
            var chunk = x.narrow(1, t, Math.Min(2, 11 - t));
            parts.Add(layer.ForwardStreaming(chunk, context, Positions((context.MhaLeftContext?.size(1) ?? 0) + chunk.size(1))));
        }
        AssertClose(cat(parts, 1), whole, 1e-11);
        Assert.That(context.MhaLeftContext?.size(1), Is.EqualTo(left is null ? 11 : left == 0 ? null : left));
    }

    /// <summary>The convolution alone has the whole past whatever the chunks are, so that they may vary; and it may be causal.</summary>
    [Test]
    public void TheConvolutionStreamsInChunksOfAnySize([Values(1, 4, 5)] int kernel, [Values] bool causal, [Values(1, 3)] int dilation)
    {
        if (!causal && (kernel % 2 == 0 || dilation > 1))
            return;
        using var scope = NewDisposeScope();
        using var module = new ConvolutionModule(Model, kernel, causal: causal, dilation: dilation).Prepared();
        var x = Noise(4, 2, 12, Model);
        using var context = module.MakeStreamingContext();
        List<Tensor> parts = [];
        foreach (var (begin, frames) in ((int, int)[])[(0, 1), (1, 4), (5, 2), (7, 5)])
            parts.Add(module.ForwardStreaming(x.narrow(1, begin, frames), context));
        if (causal)
        {
            AssertClose(cat(parts, 1), module.call(x, null, null), 1e-12);
            return;
        }
        // What chunks of one size would see: nothing after the own end.
        int end = 0;
        foreach (var part in parts)
        {
            end += (int)part.size(1);
            AssertClose(part, module.call(x[.., ..end], null, null).narrow(1, end - part.size(1), part.size(1)), 1e-12);
        }
    }

    [Test]
    public void StreamsOfABatchAreThoseOfItsItems([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(type);
        var config = new DynChunkTrainConfig(4, 1);
        var x = Noise(5, 3, 10, Features);
        AssertClose(Streamed(encoder, x, config)[1..2], Streamed(encoder, x[1..2], config), 1e-12);
    }

    [Test]
    public void AStreamIsSavedAndGoesOn([Values] AttentionType type, [Values(0, 2, null)] int? left)
    {
        using var scope = NewDisposeScope();
        using var folder = new TestFolder();
        using var encoder = Make(type);
        var config = new DynChunkTrainConfig(3, left);
        var x = Noise(6, 2, 18, Features);
        using var context = encoder.MakeStreamingContext(config);
        for (int t = 0; t < 12; t += 3)
            encoder.ForwardStreaming(x.narrow(1, t, 3), context);
        Safetensors.Save(folder["stream.safetensors"], context.StateDict());
        using var again = encoder.MakeStreamingContext(config);
        again.LoadStateDict(Safetensors.Load(folder["stream.safetensors"]));
        Assert.That(again.Frames, Is.EqualTo(12));
        for (int t = 12; t < 18; t += 3)
            AssertClose(
                encoder.ForwardStreaming(x.narrow(1, t, 3), again), encoder.ForwardStreaming(x.narrow(1, t, 3), context), 1e-12, $"frame {t}");
    }

    [Test]
    public void ASavedStreamMustFitItsChunks()
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(AttentionType.RoPEMHA);
        using var context = encoder.MakeStreamingContext(new(3, 2));
        encoder.ForwardStreaming(Noise(7, 2, 3, Features), context);
        var state = context.StateDict();
        using var other = encoder.MakeStreamingContext(new(3, 0));
        Refusal.Of(() => other.LoadStateDict(state), "layers.0.mha_left_context");
        using var same = encoder.MakeStreamingContext(new(3, 2));
        Refusal.Of(() => same.LoadStateDict(new Dictionary<string, Tensor>(state) { ["frames"] = tensor(2L) }), "[batch, 2, 8]");
        Refusal.Of(() => same.LoadStateDict(new Dictionary<string, Tensor>(state) { ["more"] = tensor(2L) }), "more");
        Refusal.Of(() => same.LoadStateDict(new Dictionary<string, Tensor>()), "'frames'");
        Refusal.Of(() => same.LoadStateDict(state.ToDictionary(e => e.Key, e => e.Key == "frames" ? e.Value : e.Value[0])), "[batch, 3, 8]");
        Assert.That(same.Frames, Is.Zero, "a refused state changes nothing");
    }

    [Test]
    public void ADisposedContextBeginsAnew()
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(AttentionType.RelPosMHAXL);
        var x = Noise(8, 2, 4, Features);
        using var context = encoder.MakeStreamingContext(new(4));
        var first = encoder.ForwardStreaming(x, context);
        var second = encoder.ForwardStreaming(x, context);
        Assert.That((second - first).abs().max().item<double>(), Is.GreaterThan(1e-3), "the second chunk sees the first");
        context.Dispose();
        AssertClose(encoder.ForwardStreaming(x, context), first, 0);
    }

    /// <summary>A limited context stays as large as it is, an unlimited one grows by its frames alone.</summary>
    [Test]
    public void NothingLeaks([Values] AttentionType type, [Values(2, null)] int? left)
    {
        using var encoder = Make(type);
        using var chunk = Noise(9, 2, 3, Features);
        using var context = encoder.MakeStreamingContext(new(3, left));
        for (int n = 0; n < 3; n++)
            encoder.ForwardStreaming(chunk, context).Dispose();
        LeakCheck.IsClean(() => encoder.ForwardStreaming(chunk, context));
        LeakCheck.IsClean(() =>
        {
            using var other = encoder.MakeStreamingContext(new(3, left));
            encoder.ForwardStreaming(chunk, other).Dispose();
            foreach (var tensor in other.StateDict().Values)
                tensor.Dispose();
        });
        using var module = new ConvolutionModule(Features, 5).Prepared();
        using var convolution = module.MakeStreamingContext();
        module.ForwardStreaming(chunk, convolution).Dispose();
        LeakCheck.IsClean(() => module.ForwardStreaming(chunk, convolution));
    }

    [Test]
    public void AContextSurvivesTheScopesOfItsChunksAndHoldsNoGraph()
    {
        using var encoder = Make(AttentionType.RoPEMHA);
        using var context = encoder.MakeStreamingContext(new(2, 1));
        for (int n = 0; n < 3; n++)
        {
            using var scope = NewDisposeScope();
            encoder.ForwardStreaming(Noise(n, 1, 2, Features), context).sum().backward();
        }
        Assert.That(context.EncoderContext.Layers[0].MhaLeftContext!.requires_grad, Is.False);
        Assert.That(encoder.parameters().All(p => p.grad is not null));
    }

    [Test]
    public void RefusesWhatDoesNotContinueTheStream()
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(AttentionType.RelPosMHAXL);
        using var context = encoder.MakeStreamingContext(new(4, 1));
        encoder.ForwardStreaming(Noise(1, 2, 4, Features), context);
        Refusal.Of(() => encoder.ForwardStreaming(Noise(1, 3, 4, Features), context), "2 streams");
        Refusal.Of(() => encoder.ForwardStreaming(Noise(1, 2, 5, Features), context), "5 frames");
        Refusal.Of(() => encoder.ForwardStreaming(Noise(1, 2, 0, Features), context), "0 frames");
        Refusal.Of(() => encoder.ForwardStreaming(Noise(1, 2, 4, Features + 1), context), "[batch, time, 6]");
        Refusal.Of(() => encoder.ForwardStreaming(Noise(1, ScalarType.Float32, 2, 4, Features), context), "Float64");
        Assert.That(context.Frames, Is.EqualTo(4), "a refused chunk leaves the stream where it was");
        encoder.ForwardStreaming(Noise(1, 2, 3, Features), context);
        Refusal.Of(() => encoder.ForwardStreaming(Noise(1, 2, 4, Features), context), "ended with a chunk of 3 frames");

        Refusal.Of(() => encoder.Transformer.Encoder.ForwardStreaming(Noise(1, 2, 4, Model), context.EncoderContext), "LeftFrames");
        using var deeper = Make(AttentionType.RelPosMHAXL, layers: 3);
        using var fresh = encoder.MakeStreamingContext(new(4, 1));
        Refusal.Of(() => deeper.ForwardStreaming(Noise(1, 2, 4, Features), fresh), "2 layers");
        using var twoHeads = Make(AttentionType.RoPEMHA);
        using var fourHeads = new TransformerASR(Features, Model, 4, 2, 10, 0, kernelSize: 5, attentionType: AttentionType.RoPEMHA).Prepared();
        using var stream = twoHeads.MakeStreamingContext(new(4, 1));
        twoHeads.ForwardStreaming(Noise(1, 2, 4, Features), stream);
        Refusal.Of(() => fourHeads.EncodeStreaming(Noise(1, 2, 4, Features), stream), "the encoder that made it");
        using var wide = new ConvolutionModule(2 * Model, 3).Prepared();
        using var narrow = new ConvolutionModule(Model, 3).Prepared();
        using var convolution = narrow.MakeStreamingContext();
        narrow.ForwardStreaming(Noise(1, 2, 4, Model), convolution);
        Refusal.Of(() => wide.ForwardStreaming(Noise(1, 2, 4, 2 * Model), convolution), "8 features");
        Refusal.Of(() => encoder.MakeStreamingContext(null!), "dynChunkTrainConfig");
        Refusal.Of(() => encoder.ForwardStreaming(Noise(1, 2, 4, Features), null!), "context");
    }

    [Test]
    public void AbsolutePositionsEndWithTheirTable()
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(AttentionType.RegularMHA, maxLength: 10);
        using var context = encoder.MakeStreamingContext(new(4, 1));
        encoder.ForwardStreaming(Noise(1, 1, 4, Features), context);
        encoder.ForwardStreaming(Noise(1, 1, 4, Features), context);
        Refusal.Of(() => encoder.ForwardStreaming(Noise(1, 1, 4, Features), context), "8 of its stream and the positional table 10");
        Assert.That(encoder.ForwardStreaming(Noise(1, 1, 2, Features), context).size(1), Is.EqualTo(2));
    }

    [Test]
    public void CausalAndDilatedOnesHaveNoChunks()
    {
        using var scope = NewDisposeScope();
        using var causal = new TransformerASR(Features, Model, 2, 1, 10, kernelSize: 3, attentionType: AttentionType.RoPEMHA, causal: true);
        Refusal.Of(() => causal.MakeStreamingContext(new(4)), "causal");
        using var dilated = new ConvolutionModule(Model, 3, dilation: 2);
        using var context = dilated.MakeStreamingContext();
        Refusal.Of(() => dilated.ForwardStreaming(zeros(1, 4, Model), context), "dilation 2");
        using var layer = new ConformerEncoderLayer(Model, 10, 2, 3);
        Refusal.Of(() => layer.MakeStreamingContext(-1), "mhaLeftContextSize");
    }

    private static EncoderWrapper Make(
        AttentionType type, int kernel = 5, int layers = 2, ScalarType dtype = ScalarType.Float64, bool compatible = false, int maxLength = 200) =>
        new(new TransformerASR(
            Features, Model, 2, layers, 10, 0, kernelSize: kernel, attentionType: type, maxLength: maxLength,
            speechBrainCompatible: compatible).Prepared(dtype: dtype));

    private static Tensor Streamed(EncoderWrapper encoder, Tensor x, DynChunkTrainConfig config)
    {
        using var context = encoder.MakeStreamingContext(config);
        List<Tensor> parts = [];
        for (long t = 0; t < x.size(1); t += config.ChunkSize)
            parts.Add(encoder.ForwardStreaming(x.narrow(1, t, Math.Min(config.ChunkSize, x.size(1) - t)), context));
        return cat(parts, 1);
    }
}
