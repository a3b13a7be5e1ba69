using NUnit.Framework;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Features;

[TestFixture]
public sealed class FilterbankTests
{
    [TestCase(80, 512, 16000)]
    [TestCase(23, 200, 8000)]
    public void TrianglesEqualTheDefinition(int mels, int points, int rate)
    {
        using var filterbank = new Filterbank(mels, nFft: points, sampleRate: rate, fMax: rate / 2.0);
        using var matrix = filterbank.GetMatrix();
        Assert.That(matrix.shape, Is.EqualTo(new long[] { points / 2 + 1, mels }));
        Assert.That(Numbers.Values(matrix), Is.EqualTo(ReferenceFeatures.Triangles(mels, points, rate, 0, rate / 2.0).SelectMany(r => r)).Within(1e-6));
    }

    [Test]
    public void TrianglesAreSymmetric()
    {
        // Each filter's support reaches as far above its centre as below, unlike the textbook's.
        using var filterbank = new Filterbank(10, nFft: 4096);
        double[] matrix = Numbers.Values(filterbank.GetMatrix());
        for (int m = 0; m < 10; m++)
        {
            int[] support = [.. Enumerable.Range(0, 2049).Where(k => matrix[k * 10 + m] > 0)];
            int top = Enumerable.Range(0, 2049).MaxBy(k => matrix[k * 10 + m]);
            Assert.That(support[^1] - top, Is.EqualTo(top - support[0]).Within(1));
        }
    }

    [Test]
    public void RectanglesAndBellsEqualTheirFormula()
    {
        double[] triangle = Numbers.Values(new Filterbank(12, nFft: 128).GetMatrix());
        double[] rectangle = Numbers.Values(new Filterbank(12, nFft: 128, filterShape: FilterShape.Rectangular).GetMatrix());
        double[] bell = Numbers.Values(new Filterbank(12, nFft: 128, filterShape: FilterShape.Gaussian).GetMatrix());
        for (int i = 0; i < triangle.Length; i++)
        {
            if (triangle[i] <= 0)
                continue;
            double distance = 1 - triangle[i];          // in bands
            Assert.That(rectangle[i], Is.EqualTo(1));
            Assert.That(bell[i], Is.EqualTo(Math.Exp(-2 * distance * distance)).Within(1e-5));
        }
        Assert.That(rectangle.Count(v => v == 0), Is.GreaterThan(rectangle.Length / 2));
    }

    [Test]
    public void DecibelsHaveAFloorBelowEachItemsMaximum()
    {
        using var x = tensor(new[] { 1e3, 1e-3, 1e-9, 0, 1e-3, 1e-30, 1e-5, 1e-13 }).reshape(2, 2, 2);
        using var y = Functional.AmplitudeToDb(x);
        Assert.That(Numbers.Values(y), Is.EqualTo(new double[] { 30, -30, -50, -50, -30, -100, -50, -100 }).Within(1e-9));
        using var amplitude = Functional.AmplitudeToDb(x, 20, 1e-5, 6, 200);
        Assert.That(Numbers.Values(amplitude), Is.EqualTo(new double[] { 54, -66, -106, -106, -66, -106, -106, -106 }).Within(1e-9));
    }

    [Test]
    public void LinearOutputIsTheProduct()
    {
        using var filterbank = new Filterbank(5, logMel: false, nFft: 16);
        using var x = Noise.Normal([2, 3, 9]).abs();
        Assert.That(Numbers.Values(filterbank.call(x)), Is.EqualTo(Numbers.Values(x.matmul(filterbank.GetMatrix()))).Within(1e-6));
    }

    [Test]
    public void ChannelsAreFilteredOneByOne()
    {
        using var filterbank = new Filterbank(5, nFft: 16);
        using var x = Noise.Normal([2, 3, 9, 2]).abs();
        using var y = filterbank.call(x);
        Assert.That(y.shape, Is.EqualTo(new long[] { 2, 3, 5, 2 }));
        for (long c = 0; c < 2; c++)
            Assert.That(Numbers.Values(y.select(3, c)), Is.EqualTo(Numbers.Values(filterbank.call(x.select(3, c)))).Within(1e-4));
    }

    [TestCase(FilterShape.Triangular, 1.0)]
    [TestCase(FilterShape.Gaussian, 0.5)]
    public void LearnableFiltersBeginAsFixedOnesAndLearn(FilterShape shape, double factor)
    {
        // SpeechBrain multiplies by the factor once too often, so that the filters begin at factor times their place.
        using var learnable = new Filterbank(5, nFft: 32, filterShape: shape, paramChangeFactor: factor, freeze: false);
        Assert.That(learnable.named_parameters().Select(p => p.Item1), Is.EqualTo(new[] { "f_central", "band" }));
        using var x = Noise.Normal([1, 3, 17]).abs();
        if (factor == 1)
            Assert.That(Numbers.Values(learnable.call(x)), Is.EqualTo(Numbers.Values(new Filterbank(5, nFft: 32, filterShape: shape).call(x))).Within(1e-3));
        learnable.call(x).sum().backward();
        foreach (var (name, parameter) in learnable.named_parameters())
            Assert.That(Numbers.Values(parameter.grad!).Any(g => g != 0), Is.True, name);
    }

    [Test]
    public void VariationMovesCentresAndBands()
    {
        using var filterbank = new Filterbank(5, nFft: 64);
        using var x = Noise.Normal([1, 3, 33]).abs();
        Assert.That(Numbers.Values(filterbank.Apply(x, new(1, 1))), Is.EqualTo(Numbers.Values(filterbank.call(x))).Within(1e-4));
        Assert.That(Numbers.Values(filterbank.Apply(x, new(1.1, 0.9))), Is.Not.EqualTo(Numbers.Values(filterbank.call(x))).Within(1e-2));
        using var generator = new Generator(3);
        for (int i = 0; i < 50; i++)
        {
            var drawn = FilterbankVariation.Sample(0.15, generator);
            Assert.That(new[] { drawn.CentralFactor, drawn.BandFactor }, Is.All.InRange(0.85, 1.15));
        }
        using var learnable = new Filterbank(5, nFft: 64, freeze: false);
        Assert.That(() => learnable.Apply(x, new(1, 1)), Throws.InvalidOperationException);
    }

    [Test]
    public void GradientsAreThoseOfTheFormula()
    {
        using var filterbank = new Filterbank(3, nFft: 8, topDb: 300);
        using var x = Noise.Normal([1, 2, 5], dtype: ScalarType.Float64).abs() + 0.1;
        GradCheck.Check(a => filterbank.call(a[0]), x);
    }

    [Test]
    public void AModuleMovedToAnotherTypeKeepsItsFilters()
    {
        using var filterbank = new Filterbank(40, nFft: 400);
        using var x = Noise.Normal([1, 3, 201]).abs();
        double[] expected = Numbers.Values(filterbank.call(x));
        filterbank.bfloat16();
        Assert.That(Numbers.Values(filterbank.call(x)), Is.EqualTo(expected).Within(1e-4));
    }

    private static IEnumerable<TestCaseData> WrongArguments()
    {
        yield return Row("nMels", () => new Filterbank(0));
        yield return Row("fMin", () => new Filterbank(fMin: 4000, fMax: 4000));
        yield return Row("fMin", () => new Filterbank(fMin: -1));
        yield return Row("amin", () => new Filterbank(amin: 0));
        yield return Row("filterShape", () => new Filterbank(filterShape: (FilterShape)9));
        yield return Row("topDb", () => new Filterbank(topDb: -1));
        yield return Row("spectrogram", () => new Filterbank(nFft: 16).call(zeros(1, 2, 8)));
        yield return Row("spectrogram", () => new Filterbank(nFft: 16).call(zeros(2, 9)));
        yield return Row("paramRandFactor", () => FilterbankVariation.Sample(1, new Generator(1)));

        static TestCaseData Row(string name, Func<object> make) => new(name, make);
    }

    [TestCaseSource(nameof(WrongArguments))]
    public void WrongArgumentsAreNamed(string name, Func<object> make) =>
        Assert.That(() => make(), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(name));

    [Test]
    public void CallsLeaveNothingBehind()
    {
        using var filterbank = new Filterbank(5, nFft: 16);
        using var learnable = new Filterbank(5, nFft: 16, freeze: false);
        using var x = Noise.Normal([2, 3, 9, 2]).abs();
        LeakCheck.IsClean(() => filterbank.call(x));
        LeakCheck.IsClean(() => filterbank.Apply(x, new(1.1, 1)));
        LeakCheck.IsClean(() => filterbank.GetMatrix());
        LeakCheck.IsClean(() => learnable.call(x));
    }
}
