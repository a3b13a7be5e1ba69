using NUnit.Framework;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Samples;

public sealed class PictureTests
{
    private static byte[][] Pixels(float[] above, float[] below, int features, out int width, out int height)
    {
        using var folder = new TestFolder();
        Picture.OfSpectrograms(above, below, features).WritePng(folder["x.png"]);
        (width, height, byte[] rgb) = PngTests.Read(folder["x.png"]);
        return [.. rgb.Chunk(3)];
    }

    [Test]
    public void TimeGoesRightFrequencyUpAndLoudIsBright()
    {
        // Frame 0 is loud in feature 0, frame 1 in feature 1; below there is one frame, loud in feature 1.
        var pixels = Pixels([1, 0, 0, 1], [0, 1], 2, out int width, out int height);
        Assert.That((width, height), Is.EqualTo((2, 2 * 6 + 8)));
        byte[] dark = [0, 0, 8], bright = [255, 255, 236], grey = [128, 128, 128];
        byte[] At(int row, int column) => pixels[row * width + column];
        Assert.That(new[] { At(0, 0), At(5, 0), At(0, 1), At(5, 1) }, Is.EqualTo(new[] { dark, bright, bright, dark }));
        Assert.That(new[] { At(6, 0), At(13, 1) }, Is.All.EqualTo(grey), "between the two");
        Assert.That(new[] { At(14, 0), At(19, 0), At(14, 1) }, Is.EqualTo(new[] { bright, dark, grey }), "behind the end of the shorter");
    }

    [Test]
    public void LongFilesBecomeNoWiderThanAScreen()
    {
        Pixels(new float[4001 * 2], new float[3 * 2], 2, out int width, out _);
        Assert.That(width, Is.EqualTo(1334), "every third frame of 4001");
    }
}
