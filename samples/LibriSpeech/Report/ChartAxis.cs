namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>An axis whose ends and ticks are round numbers: 1, 2 or 5 times a power of ten, or multiples of one.</summary>
internal sealed class ChartAxis
{
    private const double LogarithmicFrom = 30;   // largest over smallest value; in a linear picture the small ones would all lie on the axis

    private readonly bool logarithmic;

    private ChartAxis(bool logarithmic, double low, double high, IReadOnlyList<double> ticks) =>
        (this.logarithmic, Low, High, Ticks) = (logarithmic, low, high, ticks);

    internal double Low { get; }

    internal double High { get; }

    internal IReadOnlyList<double> Ticks { get; }

    internal bool IsLogarithmic => logarithmic;

    /// <summary>An axis for values.</summary>
    /// <param name="values">What is to fit; those that are not finite don't count.</param>
    /// <param name="tight">End at the values, not at the ticks beyond them.</param>
    /// <param name="linear">Whatever the values; else the axis is logarithmic if they are above 0 and differ much.</param>
    internal static ChartAxis For(IEnumerable<double> values, bool tight = false, bool linear = false)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0)
            return new(false, 0, 1, [0, 1]);
        double low = finite.Min(), high = finite.Max();
        return !linear && low > 0 && high / low > LogarithmicFrom ? Logarithmic(low, high) : Linear(low, high, tight);
    }

    /// <summary>Where a value lies: 0 at the low end, 1 at the high one.</summary>
    internal double Place(double value) => logarithmic
        ? (Math.Log10(value) - Math.Log10(Low)) / (Math.Log10(High) - Math.Log10(Low))
        : (value - Low) / (High - Low);

    private static ChartAxis Linear(double low, double high, bool tight)
    {
        if (!tight && low > 0 && low < 0.6 * high)
            low = 0;                               // near enough to show how large the values are, not only how they differ
        if (high - low <= 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)))
            (low, high) = (Math.Min(0, low), low == 0 ? 1 : Math.Max(0, high));
        double step = RoundStep((high - low) / 5);
        int first = (int)(tight ? Math.Ceiling(low / step - 1e-9) : Math.Floor(low / step + 1e-9));
        int last = (int)(tight ? Math.Floor(high / step + 1e-9) : Math.Ceiling(high / step - 1e-9));
        double[] ticks = [.. Enumerable.Range(first, last - first + 1).Select(i => i * step)];
        return tight ? new(false, low, high, ticks) : new(false, ticks[0], ticks[^1], ticks);
    }

    private static ChartAxis Logarithmic(double low, double high)
    {
        int first = (int)Math.Floor(Math.Log10(low)), last = (int)Math.Ceiling(Math.Log10(high));
        var powers = Enumerable.Range(first, last - first + 1).Select(power => Math.Pow(10, power));
        double[] round = [.. powers.SelectMany(power => new[] { power, 2 * power, 5 * power })];
        double bottom = round.Last(tick => tick <= low * (1 + 1e-9)), top = round.First(tick => tick >= high * (1 - 1e-9));
        int every = last - first <= 3 ? 1 : 3 * ((last - first + 5) / 6);   // all of them, or some powers of ten alone
        return new(true, bottom, top, [.. round.Where((tick, i) => i % every == 0 && tick >= bottom && tick <= top)]);
    }

    // 1, 2 or 5 times a power of ten, at least as large as what is wanted.
    private static double RoundStep(double wanted)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        return power * (wanted / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }
}
