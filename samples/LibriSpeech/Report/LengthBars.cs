using System.Globalization;
using System.Text;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>The utterances of a batch as bars, with the padding that makes them equally long.</summary>
/// <param name="Utterances">Names and lengths in frames.</param>
internal sealed record LengthBars(IReadOnlyList<(string Id, long Frames)> Utterances)
{
    /// <summary>The bars, and below them the share of padding.</summary>
    internal string ToHtml()
    {
        long longest = Utterances.Max(utterance => utterance.Frames), padded = longest * Utterances.Count;
        double padding = 100.0 * (padded - Utterances.Sum(utterance => utterance.Frames)) / padded;
        var bars = new StringBuilder();
        foreach (var (id, frames) in Utterances)
        {
            string width = (100.0 * frames / longest).ToString("0.##", CultureInfo.InvariantCulture);
            bars.AppendLine($"""
                <li title="{PageText.Encode(id)}: {frames} frames, {longest - frames} of padding"><span
                class="speech" style="width:{width}%">{PageText.Encode(id)}</span></li>
                """);
        }
        return $"""
            <ol class="lengths">
            {bars}</ol>
            <p class="note">{Utterances.Count} utterances, {longest} encoder frames each with the padding (hatched), which is
            {padding.ToString("0.0", CultureInfo.InvariantCulture)} % of the batch.</p>

            """;
    }
}
