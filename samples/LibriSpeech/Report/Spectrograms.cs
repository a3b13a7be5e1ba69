namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>An utterance's features before and after augmentation, and what was drawn for it.</summary>
/// <param name="Caption">Which utterance, and what was done to it.</param>
/// <param name="Picture">Both, before above after.</param>
internal sealed record Spectrograms(string Caption, Picture Picture)
{
    /// <summary>The figure, with the picture inside.</summary>
    internal string ToHtml() => $"""
        <figure class="spectrograms">
        <img src="data:image/png;base64,{Convert.ToBase64String(Picture.ToPng())}" width="{Picture.Width}" height="{Picture.Height}"
        alt="Log mel features before (above) and after (below) augmentation. {PageText.Encode(Caption)}"/>
        <figcaption>{PageText.Encode(Caption)}</figcaption>
        </figure>

        """;
}
