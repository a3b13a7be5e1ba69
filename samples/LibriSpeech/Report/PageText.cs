using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Words and numbers as a page may hold them.</summary>
internal static partial class PageText
{
    /// <summary>Text as HTML and XML; characters that XML forbids become U+FFFD.</summary>
    internal static string Encode(string text) => WebUtility.HtmlEncode(Forbidden().Replace(text, "\uFFFD"));

    /// <summary>A coordinate: two places at most.</summary>
    internal static string Place(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A figure to read: four digits that count, thousands apart, very small and very large ones by powers of ten.</summary>
    internal static string Number(double value)
    {
        double size = Math.Abs(value);
        return value switch
        {
            double.NaN => "NaN",
            double.PositiveInfinity => "∞",
            double.NegativeInfinity => "−∞",
            0 => "0",
            _ when size is < 1e-3 or >= 1e9 => value.ToString("0.###e-0", CultureInfo.InvariantCulture),
            _ when size < 1 => value.ToString("0.####", CultureInfo.InvariantCulture),
            _ when size < 100 => value.ToString("0.##", CultureInfo.InvariantCulture),
            _ when size < 1000 => value.ToString("0.#", CultureInfo.InvariantCulture),
            _ => value.ToString("#,0", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A time as people say it: <c>2 h 05 min</c>, <c>3 min 20 s</c>, <c>12.3 s</c>.</summary>
    internal static string Duration(double seconds) => seconds switch
    {
        >= 3600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 3600):0} h {Math.Floor(seconds % 3600 / 60):00} min"),
        >= 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60):0} min {Math.Floor(seconds % 60):00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"),
    };

    // Control characters, halves of surrogate pairs, and the two that are no characters (https://www.w3.org/TR/xml/#charsets).
    [GeneratedRegex(@"[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]")]
    private static partial Regex Forbidden();
}
