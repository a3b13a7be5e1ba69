using NUnit.Framework;
using SpeechBrain.Sharp.Features;

namespace SpeechBrain.Sharp.Tests.Features;

[TestFixture]
public sealed class FilterPropertiesTests
{
    [Test]
    public void StackReachesWhatTheChainReaches()
    {
        // Two filters over an axis, each output the set of inputs it depends on, by force.
        foreach (var (a, b) in ((FilterProperties, FilterProperties)[])[(new(3, 2), new(5, 3)), (new(7), new(3, 2)), (new(5, 3), new(1, 2))])
        {
            var stacked = FilterProperties.Stack(a, b);
            var reached = (from k in Enumerable.Range(0, (int)b.WindowSize) from i in Enumerable.Range(0, (int)a.WindowSize) select k * a.Stride + i).ToHashSet();
            Assert.That(stacked.WindowSize, Is.EqualTo(reached.Max() + 1));
            Assert.That(stacked.Stride, Is.EqualTo(a.Stride * b.Stride));
        }
    }

    [Test]
    public void TheRecipesChain() => Assert.That(FilterProperties.Stack(new(512, 160), new(3, 2), new(3, 2)), Is.EqualTo(new FilterProperties(1473, 640)));

    [Test]
    public void PropertiesPrintTheirValues() =>
        Assert.That(new FilterProperties(3, 2).ToString(), Does.Contain("WindowSize = 3").And.Contain("Stride = 2").And.Contain("Causal = False"));

    [Test]
    public void TheEmptyChainIsPointwise() => Assert.That(FilterProperties.Stack(), Is.EqualTo(FilterProperties.Pointwise));

    [TestCase(3, 1, false, 1)]
    [TestCase(3, 1, true, 2)]
    [TestCase(5, 3, false, 6)]
    public void PaddingKeepsTheFrameCount(long window, long dilation, bool causal, long expected) =>
        Assert.That(new FilterProperties(window, 1, dilation, causal).GetConvolutionPadding(), Is.EqualTo(expected));

    [Test]
    public void CausalFiltersBecomeSymmetricOnesThatCoverThem()
    {
        Assert.That(new FilterProperties(3, 2, causal: true).GetNoncausalEquivalent(), Is.EqualTo(new FilterProperties(5, 2)));
        Assert.That(FilterProperties.Stack(new(3, causal: true), new(3, 2)), Is.EqualTo(new FilterProperties(7, 2)));
    }

    [Test]
    public void WhatIsNotExactCanBeForbidden()
    {
        Assert.That(() => new FilterProperties(3).WithOnTop(new(4), allowApproximate: false), Throws.ArgumentException.With.Message.Contains("odd"));
        Assert.That(() => new FilterProperties(3).WithOnTop(new(3, causal: true), allowApproximate: false), Throws.ArgumentException.With.Message.Contains("causal"));
        Assert.That(new FilterProperties(3).WithOnTop(new(3), allowApproximate: false).WindowSize, Is.EqualTo(5));
        Assert.That(() => new FilterProperties(4).GetConvolutionPadding(), Throws.InvalidOperationException);
    }

    [TestCase(0, 1, 1)]
    [TestCase(1, 0, 1)]
    [TestCase(1, 1, 0)]
    public void NumbersBelowOneAreRefused(long window, long stride, long dilation) =>
        Assert.That(() => new FilterProperties(window, stride, dilation), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
