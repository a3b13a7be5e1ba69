using System.Globalization;
using System.Text;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// What each encoder frame of an utterance may attend to: queries downwards, keys to the right. Drawn as few rectangles: rows that see the same are
/// one, as the rows of a chunk do.
/// </summary>
/// <param name="Caption">Which utterance it is.</param>
/// <param name="Sees">Whether a query (first index) may attend to a key (second): neither chunks nor padding are in the way.</param>
/// <param name="Frames">The utterance's frames; those behind them are padding.</param>
internal sealed record MaskDrawing(string Caption, bool[,] Sees, int Frames)
{
    private const double Size = 200;

    /// <summary>The figure.</summary>
    internal string ToHtml()
    {
        int time = Sees.GetLength(0);
        return $"""
            <figure class="mask">
            <svg viewBox="0 0 {Size} {Size}" role="img" aria-label="{PageText.Encode(Summary())}"><title>{PageText.Encode(Summary())}</title>
            <rect class="unseen" width="{Size}" height="{Size}"/>
            <path class="seen" transform="scale({(Size / time).ToString("0.######", CultureInfo.InvariantCulture)})" d="{Rectangles()}"/>
            {Padding(PageText.Place(Size * Frames / time))}
            </svg>
            <figcaption>{PageText.Encode(Caption)}</figcaption>
            </figure>

            """;
    }

    private string Summary() => FormattableString.Invariant(
        $"{Caption}: {Frames} of {Sees.GetLength(0)} frames are speech; a frame of speech sees {PageText.Number(SeenByFrame())} frames in the mean");

    private double SeenByFrame()
    {
        long seen = 0;
        for (int query = 0; query < Frames; query++)
        {
            for (int key = 0; key < Sees.GetLength(1); key++)
                seen += Sees[query, key] ? 1 : 0;
        }
        return (double)seen / Math.Max(1, Frames);
    }

    // Not scaled, so that the hatching of all drawings is alike.
    private string Padding(string from) => Frames == Sees.GetLength(0) ? "" :
        $"""<path class="padding" d="M{from} 0H{Size}V{Size}H0V{from}H{from}Z"/>""";

    private string Rectangles()
    {
        var path = new StringBuilder();
        for (int top = 0, bottom; top < Frames; top = bottom)
        {
            bottom = top + 1;
            while (bottom < Frames && SameRow(top, bottom))
                bottom++;
            for (int left = 0, right; left < Sees.GetLength(1); left = right)
            {
                right = left + 1;
                while (right < Sees.GetLength(1) && Sees[top, right] == Sees[top, left])
                    right++;
                if (Sees[top, left])
                    path.Append($"M{left} {top}H{right}V{bottom}H{left}Z");
            }
        }
        return path.ToString();
    }

    private bool SameRow(int a, int b)
    {
        for (int key = 0; key < Sees.GetLength(1); key++)
        {
            if (Sees[a, key] != Sees[b, key])
                return false;
        }
        return true;
    }
}
