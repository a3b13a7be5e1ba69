using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/issues/2344: the key padding mask is as wide as the longest item instead of the batch, so that a batch
/// without an item of full length fails in the attention.
/// </summary>
[TestFixture]
public sealed class KeyPaddingMaskWidth
{
    [Test]
    public void IsThatOfTheBatch()
    {
        using var scope = NewDisposeScope();
        var masks = Functional.MakeTransformerSrcTgtMasks(zeros(2, 9, 3), wavLen: tensor(new[] { 0.5f, 0.8f }));
        Assert.That(masks.SrcKeyPaddingMask!.shape, Is.EqualTo(new long[] { 2, 9 }));
        Assert.That(Noise.Bools(masks.SrcKeyPaddingMask), Is.EqualTo(from length in (int[])[4, 7] from t in Enumerable.Range(0, 9) select t >= length));
        // What fails there: joined with an attention mask of the batch's width.
        Assert.That(Functional.MasksUnion(2, 9, 4, null, masks.SrcKeyPaddingMask)!.shape, Is.EqualTo(new long[] { 2, 4, 9, 9 }));
    }
}
