using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;
using SpeechBrain.Sharp.Samples.LibriSpeech;

namespace SpeechBrain.Sharp.Tests.Samples.Report;

public sealed class MaskDrawingTests
{
    /// <summary>The cells that the rectangles of a path cover, each once.</summary>
    internal static bool[,] Cells(string path, int time)
    {
        var cells = new bool[time, time];
        foreach (Match rectangle in Regex.Matches(path, @"M(\d+) (\d+)H(\d+)V(\d+)H(\d+)Z"))
        {
            int[] at = [.. rectangle.Groups.Values.Skip(1).Select(g => int.Parse(g.Value))];
            Assert.That(at[4], Is.EqualTo(at[0]));
            for (int row = at[1]; row < at[3]; row++)
            {
                for (int column = at[0]; column < at[2]; column++)
                {
                    Assert.That(cells[row, column], Is.False, "drawn twice");
                    cells[row, column] = true;
                }
            }
        }
        return cells;
    }

    [Test]
    public void TheRectanglesAreTheMask()
    {
        const int Time = 23, Frames = 19;
        var random = new Random(1);
        var sees = new bool[Time, Time];
        for (int q = 0; q < Frames; q++)
        {
            for (int k = 0; k < Frames; k++)
                sees[q, k] = random.Next(3) > 0;
        }
        string path = (string)XElement.Parse(new MaskDrawing("x", sees, Frames).ToHtml()).Descendants("path").First().Attribute("d")!;
        Assert.That(Cells(path, Time), Is.EqualTo(sees));
    }

    [Test]
    public void AChunkIsOneRectangle()
    {
        var sees = new bool[12, 12];
        for (int q = 0; q < 12; q++)
        {
            for (int k = 0; k < 12; k++)
                sees[q, k] = k / 4 <= q / 4;
        }
        var figure = XElement.Parse(new MaskDrawing("utterance", sees, 12).ToHtml());
        string path = (string)figure.Descendants("path").Single().Attribute("d")!;
        Assert.That(path, Is.EqualTo("M0 0H4V4H0ZM0 4H8V8H0ZM0 8H12V12H0Z"), "no padding is drawn");
        string title = figure.Descendants("title").Single().Value;
        Assert.That(title, Is.EqualTo("utterance: 12 of 12 frames are speech; a frame of speech sees 8 frames in the mean"));
    }
}
