using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Training;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// SpeechBrain 1.1.0, <c>Brain.fit_batch</c>: a loss of NaN is counted, and then stepped with. All weights are NaN from there on, and
/// <c>nonfinite_patience</c> only puts off the exception.
/// </summary>
[TestFixture]
public sealed class NonFiniteLossStepped
{
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void NoWeightIsTouched(double bad)
    {
        using var slope = new Slope();
        slope.Batch(0.5);
        slope.Batch(bad);
        slope.Batch(0.25);
        Assert.That(slope.Weights, Is.All.EqualTo(-0.75));
    }
}
