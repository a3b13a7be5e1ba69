using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Training;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// SpeechBrain 1.1.0, <c>Brain.optimizers_step</c>: clipping looks at the first parameter group alone. With <c>remove_vector_weight_decay</c> that
/// is the one of the vectors, so that matrices are never clipped.
/// </summary>
[TestFixture]
public sealed class ClippingOfTheFirstGroup
{
    [Test]
    public void TheMatrixOfTheSecondGroupIsClippedToo()
    {
        using var slope = new Slope(new() { MaxGradNorm = 1 });
        slope.Batch(1000);
        Assert.That(slope.Weights[..4], Is.All.EqualTo(-1 / Math.Sqrt(6)).Within(1e-6));
    }
}
