using System.Text.RegularExpressions;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Turns the written text of a prompt into a transcript as LibriSpeech has them: words of A-Z and apostrophe with single spaces between.
/// </summary>
internal static partial class PromptText
{
    /// <summary>
    /// The transcript, or null when the recording is not (only) speech: a text in brackets such as "[ascending tones]" describes a sound,
    /// and a note such as "(simple tone sound plays)" says that the recording and the text differ.
    /// </summary>
    internal static string? Normalize(string text)
    {
        if (text.AsSpan().IndexOfAny('(', '<') >= 0)
            return null;

        text = Bracketed().Replace(text, " ");                                            // "dollar [$]" is spoken "dollar"
        text = text.Replace("*", " STAR ").Replace("#", " POUND ").Replace('\u2019', '\'');
        text = AfterPoint().Replace(text, match => $" {NumberWords.SpellDigits(match.Value)} "); // H.323 is spoken H three two three
        text = Digits().Replace(text, match => $" {NumberWords.Spell(match.Value)} ");
        text = NotALetter().Replace(text.ToUpperInvariant(), " ");
        text = LooseApostrophe().Replace(text, " ");
        text = string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return text.Length == 0 ? null : text;
    }

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"(?<=\.)[0-9]+")]
    private static partial Regex AfterPoint();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    [GeneratedRegex("[^A-Z']")]
    private static partial Regex NotALetter();

    /// <summary>An apostrophe that does not stand between two letters is a quotation mark.</summary>
    [GeneratedRegex("(?<![A-Z])'|'(?![A-Z])")]
    private static partial Regex LooseApostrophe();
}
