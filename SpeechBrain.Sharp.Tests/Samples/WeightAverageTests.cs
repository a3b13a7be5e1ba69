using NUnit.Framework;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Samples;

public sealed class WeightAverageTests
{
    [Test]
    public void IsTheMeanOfWhatWasTakenIn() => LeakCheck.IsClean(() =>
    {
        using var weight = new Parameter(tensor(new float[] { 1, 2 }));
        using var average = new WeightAverage([weight]);
        average.Add();
        using (no_grad())
            weight.add_(6);
        average.Add();
        average.Apply();
        Assert.That(weight.data<float>().ToArray(), Is.EqualTo(new float[] { 4, 5 }));
        Assert.That(weight.requires_grad);
    });
}
