using System.Globalization;
using System.Text;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Where the time of steps went: a line a stage, with a bar, and a line for what lies between the stages.</summary>
internal static class ProfileTable
{
    private const int BarWidth = 30;
    private const string Rest = "between";

    /// <summary>The table.</summary>
    /// <param name="clock">What measured the stages.</param>
    /// <param name="steps">How many steps they are of.</param>
    /// <param name="elapsed">The time of all those steps together.</param>
    internal static string Of(StepProfiler clock, int steps, TimeSpan elapsed)
    {
        var rest = elapsed > clock.Total ? elapsed - clock.Total : TimeSpan.Zero;
        int width = clock.Stages.Append(Rest).Max(stage => stage.Length);
        var table = new StringBuilder();
        table.Append($"{"stage".PadRight(width)}   ms a step    share\n");
        foreach (var (stage, time) in clock.Stages.Select(stage => (stage, clock.Time(stage))).Append((Rest, rest)))
            Line(stage, time, Bar(time / elapsed));
        Line("step", elapsed, "");
        return table.ToString();

        void Line(string stage, TimeSpan time, string bar)
        {
            string figures = string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds / steps,10:F2}  {100 * (time / elapsed),5:F1} %");
            table.Append($"{stage.PadRight(width)}  {figures}  {bar}".TrimEnd()).Append('\n');
        }
    }

    private static string Bar(double share) => new('#', (int)Math.Round(BarWidth * Math.Clamp(share, 0, 1)));
}
