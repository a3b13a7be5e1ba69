using NUnit.Framework;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Features;

[TestFixture]
public sealed class StreamingFeatureWrapperTests
{
    [Test]
    public void ChunksGiveTheFramesOfOnePass()
    {
        using var scope = NewDisposeScope();
        var fbank = new Fbank(nFft: 512, nMels: 20, winLength: 32);
        using var wrapper = new StreamingFeatureWrapper(fbank, FilterProperties.Stack(fbank.GetFilterProperties()));
        using var context = wrapper.MakeStreamingContext();
        const long Chunk = 800, Chunks = 6;
        var x = Noise.Normal([2, Chunk * Chunks]);
        var tail = zeros(2, Chunk * wrapper.GetRecommendedFinalChunkCount(Chunk));
        var input = cat([x, tail], 1);
        var frames = new List<Tensor>();
        for (long at = 0; at < input.shape[1]; at += Chunk)
        {
            var y = wrapper.call(input.narrow(1, at, Chunk), context);
            Assert.That(y.shape[1], Is.EqualTo(Chunk / 160 + 1));
            frames.Add(y.narrow(1, 0, Chunk / 160));        // the last comes again
        }
        // P = 320 samples late: the first two frames are centred before the stream.
        var streamed = cat(frames, 1).narrow(1, 2, Chunk * Chunks / 160);
        var whole = fbank.call(x).narrow(1, 0, Chunk * Chunks / 160);
        Assert.That(Numbers.Values(streamed), Is.EqualTo(Numbers.Values(whole)).Within(2e-3));
    }

    [Test]
    public void AFilterOfOneSampleGivesItsOutputs()
    {
        using var wrapper = new StreamingFeatureWrapper(new Identity(), FilterProperties.Pointwise);
        using var context = wrapper.MakeStreamingContext();
        using var x = Noise.Normal([1, 7]);
        Assert.That(Numbers.Values(wrapper.call(x, context)), Is.EqualTo(Numbers.Values(x)));
    }

    [Test]
    public void PaddingIsHalfTheWindowRoundedUpToTheStride()
    {
        using var wrapper = new StreamingFeatureWrapper(new Identity(), new FilterProperties(1473, 640));
        Assert.That(wrapper.GetRequiredPadding(), Is.EqualTo(1280));
        Assert.That(wrapper.GetOutputCountPerPadFrame(), Is.EqualTo(2));
        Assert.That(wrapper.GetRecommendedFinalChunkCount(1000), Is.EqualTo(2));
        Assert.That(wrapper.GetRecommendedFinalChunkCount(1280), Is.EqualTo(1));
    }

    [Test]
    public void ContextHoldsTheEndOfTheStream()
    {
        using var wrapper = new StreamingFeatureWrapper(new Identity(), new FilterProperties(5));
        using var context = wrapper.MakeStreamingContext();
        Assert.That(context.LeftContext, Is.Null);
        using (NewDisposeScope())
        {
            wrapper.call(arange(3f).unsqueeze(0), context);
            Assert.That(Numbers.Values(context.LeftContext!), Is.EqualTo(new double[] { 0, 0, 1, 2 }));
        }
        Assert.That(Numbers.Values(context.LeftContext!), Is.EqualTo(new double[] { 0, 0, 1, 2 }), "it outlives the scope of the call");
        context.Dispose();
        Assert.That(context.LeftContext, Is.Null);
    }

    [Test]
    public void WrongArgumentsAreRefused()
    {
        Assert.That(() => new StreamingFeatureWrapper(new Identity(), new(5, causal: true)), Throws.ArgumentException.With.Message.Contains("causal"));
        Assert.That(() => new StreamingFeatureWrapper(new Identity(), new(5, dilation: 2)), Throws.ArgumentException);
        using var wrapper = new StreamingFeatureWrapper(new Identity(), new(5));
        using var context = wrapper.MakeStreamingContext();
        using var first = wrapper.call(zeros(2, 8), context);
        Assert.That(() => wrapper.call(zeros(3, 8), context), Throws.ArgumentException.With.Message.Contains("continues a stream"));
        Assert.That(() => wrapper.call(zeros([2, 8], ScalarType.Float64), context), Throws.ArgumentException);
        Assert.That(() => wrapper.call(zeros(8), context), Throws.ArgumentException.With.Message.Contains("[batch, time]"));
        Assert.That(() => wrapper.GetRecommendedFinalChunkCount(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void AStreamSurvivesAChunkThatIsRefused()
    {
        using var scope = NewDisposeScope();
        using var wrapper = new StreamingFeatureWrapper(new Fbank(), FilterProperties.Stack(new FilterProperties(400, 160)));
        using var context = wrapper.MakeStreamingContext();
        Assert.That(() => wrapper.call(ones([1, 1600], ScalarType.Int64), context), Throws.ArgumentException);
        Assert.That(context.LeftContext, Is.Null);
        Assert.That(wrapper.call(Noise.Normal([1, 1600]), context).shape[2], Is.EqualTo(40));
    }

    [Test]
    public void CallsLeaveOnlyTheContextBehind()
    {
        using var wrapper = new StreamingFeatureWrapper(new Fbank(), FilterProperties.Stack(new FilterProperties(400, 160)));
        using var context = wrapper.MakeStreamingContext();
        using var x = Noise.Normal([1, 1600]);
        LeakCheck.IsClean(() =>
        {
            using var y = wrapper.call(x, context);
        });
    }

    private sealed class Identity() : nn.Module<Tensor, Tensor>(nameof(Identity))
    {
        public override Tensor forward(Tensor input) => input.alias();
    }
}
