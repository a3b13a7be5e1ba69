using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Masks;

/// <summary>The 4 x 5 examples printed in the documentation of each mask: T for True (or 1), F for False, 0 and - (minus infinity).</summary>
[TestFixture]
public sealed class DocumentedExamplesTests
{
    private static string[] Rows(Tensor mask)
    {
        double[] values = Numbers.Values(mask);
        long columns = mask.shape[^1];
        return [.. Enumerable.Range(0, 4).Select(r => string.Concat(Enumerable.Range(0, (int)columns).Select(c => values[r * columns + c] switch
        {
            double.NegativeInfinity => '-',
            0 => mask.dtype == ScalarType.Bool ? 'F' : '0',
            _ => 'T',
        })))];
    }

    [Test]
    public void LengthToMask() => Assert.That(
        Rows(Functional.LengthToMask(tensor(new long[] { 5, 3, 1, 0 }), 5, ScalarType.Bool)), Is.EqualTo(new[] { "TTTTT", "TTTFF", "TFFFF", "FFFFF" }));

    [Test]
    public void GetMaskFromLengths() => Assert.That(
        Rows(Functional.GetMaskFromLengths(tensor(new long[] { 5, 3, 1, 0 }), 5)), Is.EqualTo(new[] { "FFFFF", "FFFTT", "FTTTT", "TTTTT" }));

    [Test]
    public void GetKeyPaddingMask() => Assert.That(
        Rows(Functional.GetKeyPaddingMask(tensor(new long[,] { { 7, 2, 9, 4, 1 }, { 7, 2, 9, 0, 0 }, { 7, 0, 0, 0, 0 }, { 7, 0, 9, 4, 0 } }), 0)),
        Is.EqualTo(new[] { "FFFFF", "FFFTT", "FTTTT", "FTFFT" }));

    [Test]
    public void GetLookaheadMask() => Assert.That(Rows(Functional.GetLookaheadMask(zeros(1, 5))), Is.EqualTo(new[] { "0----", "00---", "000--", "0000-" }));

    [Test]
    public void MakeTransformerSrcMask() => Assert.That(
        Rows(Functional.MakeTransformerSrcMask(zeros(1, 5), dynChunkTrainConfig: new(2, 0))!), Is.EqualTo(new[] { "FFTTT", "FFTTT", "TTFFT", "TTFFT" }));

    [Test]
    public void MakeTransformerSrcTgtMasks() => Assert.That(
        Rows(Functional.MakeTransformerSrcTgtMasks(zeros(4, 5), wavLen: tensor(new[] { 1f, 0.6f, 0.2f, 0.5f })).SrcKeyPaddingMask!),
        Is.EqualTo(new[] { "FFFFF", "FFFTT", "FTTTT", "FFTTT" }));

    [Test]
    public void MasksUnion()
    {
        using var attention = Functional.MakeTransformerSrcMask(zeros(1, 5), dynChunkTrainConfig: new(2, 1));
        using var padding = Functional.GetMaskFromLengths(tensor(new long[] { 4 }), 5);
        Assert.That(Rows(Functional.MasksUnion(1, 5, 1, attention, padding)!), Is.EqualTo(new[] { "TTFFF", "TTFFF", "TTTTF", "TTTTF" }));
    }

    [Test]
    public void MakePaddingMask() => Assert.That(
        Rows(Functional.MakePaddingMask(zeros(4, 5), tensor(new[] { 1f, 0.6f, 0.2f, 0.5f }))), Is.EqualTo(new[] { "TTTTT", "TTTFF", "TFFFF", "TTTFF" }));
}
