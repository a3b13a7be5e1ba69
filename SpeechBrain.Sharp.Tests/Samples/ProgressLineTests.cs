using NUnit.Framework;
using SpeechBrain.Sharp.Samples.LibriSpeech;

namespace SpeechBrain.Sharp.Tests.Samples;

public sealed class ProgressLineTests
{
    private StringWriter output = null!;

    [SetUp]
    public void Clear() => output = new StringWriter { NewLine = "\n" };

    [Test]
    public void WithoutATerminalOnlyFinishedLinesAppear()
    {
        var progress = new ProgressLine(output, live: false);
        progress.Show(1, 2, "half");
        progress.Finish("done");
        Assert.That(output.ToString(), Is.EqualTo("done\n"));
    }

    [Test]
    public void OnATerminalTheBarIsDrawnOverAndTakenAway()
    {
        var progress = new ProgressLine(output, live: true);
        progress.Show(1, 2, "a longer text");
        progress.Show(2, 2, "short");
        progress.Finish("done");
        progress.Finish("and more");
        Assert.That(Screen(output.ToString()), Is.EqualTo(new[] { "done", "and more", "" }));

        progress.Show(1, 3, "x");
        Assert.That(Screen(output.ToString())[^1], Is.EqualTo("[##########....................] 1/3 x"));
        progress.Show(3, 3, "");
        Assert.That(Screen(output.ToString())[^1], Is.EqualTo("[##############################] 3/3"));
    }

    // What a terminal shows: '\r' goes back to the start of the line, and what follows overwrites.
    private static string[] Screen(string text) => [.. text.Split('\n').Select(line =>
    {
        var cells = new char[200];
        int column = 0;
        foreach (char c in line)
        {
            if (c == '\r')
                column = 0;
            else
                cells[column++] = c;
        }

        return new string(cells).TrimEnd('\0').TrimEnd();
    })];
}
