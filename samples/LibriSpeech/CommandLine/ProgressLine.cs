namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Shows how far a piece of work is. On a terminal a bar that is drawn over again in its line; where output goes to a file or a pipe nothing but the
/// finished lines, so that a log stays readable.
/// </summary>
internal sealed class ProgressLine(TextWriter output, bool live) : IDisposable
{
    private const int BarWidth = 30;
    private int drawn;

    /// <summary>Draws on the terminal if <paramref name="output"/> is one.</summary>
    internal static ProgressLine For(TextWriter output) => new(output, ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected);

    internal void Show(int done, int total, string text)
    {
        if (!live)
            return;

        var filled = total == 0 ? BarWidth : BarWidth * done / total;
        Draw($"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {done}/{total} {text}");
    }

    /// <summary>Takes the bar away and leaves a line for good.</summary>
    internal void Finish(string line)
    {
        Dispose();
        output.WriteLine(line);
    }

    /// <summary>Takes the bar away, so that whatever is written next (an error, say) has a line of its own.</summary>
    public void Dispose()
    {
        if (drawn > 0)
            Draw("");
        drawn = 0;
    }

    private void Draw(string line)
    {
        // Spaces over what a longer line left, then back again: works on terminals that know no escape sequences.
        output.Write("\r" + line.PadRight(drawn) + (line.Length < drawn ? "\r" + line : ""));
        output.Flush();
        drawn = line.Length;
    }
}
