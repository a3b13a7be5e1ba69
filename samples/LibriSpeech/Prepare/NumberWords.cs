using System.Globalization;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Spells whole numbers in English, upper case: 162 is ONE HUNDRED SIXTY TWO.</summary>
internal static class NumberWords
{
    private static readonly string[] Small =
    [
        "ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN", "ELEVEN", "TWELVE", "THIRTEEN", "FOURTEEN", "FIFTEEN",
        "SIXTEEN", "SEVENTEEN", "EIGHTEEN", "NINETEEN",
    ];

    private static readonly string[] Tens = ["", "", "TWENTY", "THIRTY", "FORTY", "FIFTY", "SIXTY", "SEVENTY", "EIGHTY", "NINETY"];

    /// <summary>As a number up to 999,999; a longer run of digits, or one with a leading zero, is read digit by digit.</summary>
    internal static string Spell(string digits) =>
        digits.Length > 6 || (digits.Length > 1 && digits[0] == '0') ? SpellDigits(digits) : Spell(int.Parse(digits, CultureInfo.InvariantCulture));

    internal static string SpellDigits(string digits) => string.Join(' ', digits.Select(digit => Small[digit - '0']));

    private static string Spell(int number) => number switch
    {
        < 20 => Small[number],
        < 100 => Tens[number / 10] + Rest(number % 10),
        < 1000 => $"{Small[number / 100]} HUNDRED{Rest(number % 100)}",
        _ => $"{Spell(number / 1000)} THOUSAND{Rest(number % 1000)}",
    };

    private static string Rest(int number) => number == 0 ? "" : " " + Spell(number);
}
