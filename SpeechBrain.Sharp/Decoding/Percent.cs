using System.Globalization;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>Percentages as Python's <c>{:.2f}</c> prints them.</summary>
internal static class Percent
{
    /// <summary>Two decimals; a tie goes to the even digit, where .NET goes away from zero: 0.125 is 0.12.</summary>
    public static string Format(double value)
    {
        // Of all numbers halfway between two hundredths a double can hold only odd multiples of 1/8.
        bool tie = Math.Abs(value * 8 % 2) == 1;
        return tie && Math.Abs(value) < 1e12
            ? Math.Round((decimal)value, 2, MidpointRounding.ToEven).ToString("F2", CultureInfo.InvariantCulture)
            : value.ToString("F2", CultureInfo.InvariantCulture);
    }
}
