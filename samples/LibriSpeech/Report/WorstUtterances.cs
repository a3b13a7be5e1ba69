using System.Globalization;
using System.Text;
using SpeechBrain.Sharp.Decoding;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>The utterances with the most errors: what was said above what was heard, word by word, errors marked by colour, line and sign.</summary>
/// <param name="Scores">All utterances.</param>
/// <param name="Count">How many to show.</param>
internal sealed record WorstUtterances(IReadOnlyList<UtteranceErrors> Scores, int Count = 12)
{
    /// <summary>The list, most errors first; those without an error are never in it.</summary>
    internal string ToHtml()
    {
        var wrong = Scores.Where(score => score.Edits > 0);
        List<UtteranceErrors> worst = [.. wrong.OrderByDescending(score => score.Edits).ThenByDescending(score => score.ErrorRate).Take(Count)];
        if (worst.Count == 0)
            return "<p class=\"note\">Not a single error.</p>\n";
        return $"""
            <ul class="legend"><li><span class="pair sub"><s>said</s><b>heard</b></span> another word</li>
            <li><span class="pair del"><s>said</s><b>–</b></span> not heard</li>
            <li><span class="pair ins"><s>–</s><b>heard</b></span> not said</li></ul>
            <ol class="worst">
            {string.Concat(worst.Select(Entry))}</ol>

            """;
    }

    private static string Entry(UtteranceErrors score)
    {
        var words = new StringBuilder();
        foreach (var (edit, r, h) in score.Alignment)
        {
            string said = PageText.Encode(r is { } i ? score.Reference[i] : "–"), heard = PageText.Encode(h is { } j ? score.Hypothesis[j] : "–");
            words.Append(edit switch
            {
                Edit.Equal => $"""<span class="pair">{said}</span> """,
                Edit.Substitution => $"""<span class="pair sub" title="another word"><s>{said}</s><b>{heard}</b></span> """,
                Edit.Deletion => $"""<span class="pair del" title="not heard"><s>{said}</s><b>–</b></span> """,
                _ => $"""<span class="pair ins" title="not said"><s>–</s><b>{heard}</b></span> """,
            });
        }
        string rate = score.ErrorRate.ToString("0.0", CultureInfo.InvariantCulture);
        return $"""
            <li><p class="id">{PageText.Encode(score.Id)} <span>{score.Edits} of {score.ReferenceTokens} words wrong, {rate} %</span></p>
            <p class="words">{words}</p></li>

            """;
    }
}
