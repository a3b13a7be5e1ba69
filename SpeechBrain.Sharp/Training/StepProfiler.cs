using System.Diagnostics;
using System.Globalization;
using System.Text;
using TorchSharp;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// Says where the time of a training step goes. Stages have names and may nest; the time of an inner stage is not counted again in the outer one,
/// so the shares add up to the whole. For one thread.
/// </summary>
/// <remarks>
/// Work on a GPU is only queued by the stage that asks for it, and shows up in whichever later stage waits for it. For true shares give the device:
/// then each stage waits for it at both ends, which slows training down. Without a device nothing is ever synchronised.
/// </remarks>
/// <example><code>
/// var profiler = new StepProfiler();
/// var features = profiler.Measure("features", () =&gt; fbank.call(waves));
/// Console.WriteLine(profiler.Table());
/// </code></example>
public sealed class StepProfiler
{
    private readonly List<string> names = [];
    private readonly Dictionary<string, long> ticks = [];
    private readonly Dictionary<string, long> counts = [];
    private readonly Dictionary<string, long> lapped = [];
    private readonly Stack<string> open = [];
    private readonly torch.Device? synchronize;
    private long mark;

    /// <summary>Makes a profiler.</summary>
    /// <param name="synchronize">A CUDA device to wait for at both ends of each stage; null never waits.</param>
    public StepProfiler(torch.Device? synchronize = null) => this.synchronize = synchronize is { type: DeviceType.CUDA } ? synchronize : null;

    /// <summary>The stages in the order in which they were first met.</summary>
    public IReadOnlyList<string> Stages => names;

    /// <summary>Time spent in all stages together.</summary>
    public TimeSpan Total => Stopwatch.GetElapsedTime(0, ticks.Values.Sum());

    /// <summary>Time spent in a stage itself, inner stages left out; zero for one that never ran.</summary>
    /// <param name="stage">The stage's name.</param>
    /// <returns>The sum over all its runs.</returns>
    public TimeSpan Time(string stage) => Stopwatch.GetElapsedTime(0, ticks.GetValueOrDefault(stage));

    /// <summary>How often a stage ran.</summary>
    /// <param name="stage">The stage's name.</param>
    /// <returns>Number of runs.</returns>
    public long Count(string stage) => counts.GetValueOrDefault(stage);

    /// <summary>The time of each stage since the last lap, or since the beginning: that of a step, for a log, if each step ends with a lap.</summary>
    /// <returns>The stages that ran meanwhile, in the order in which they were first met; running ones up to now.</returns>
    public IReadOnlyList<(string Stage, TimeSpan Time)> Lap()
    {
        Charge();
        List<(string, TimeSpan)> lap = [];
        foreach (string name in names)
        {
            if (ticks[name] - lapped.GetValueOrDefault(name) is > 0 and var time)
                lap.Add((name, Stopwatch.GetElapsedTime(0, time)));
            lapped[name] = ticks[name];
        }
        return lap;
    }

    /// <summary>Starts a stage; disposing what is returned ends it.</summary>
    /// <param name="stage">Any name; the same name adds up.</param>
    /// <returns>The running stage.</returns>
    public Stage Measure(string stage)
    {
        ArgumentException.ThrowIfNullOrEmpty(stage);
        Charge();
        if (!ticks.ContainsKey(stage))
        {
            ticks.Add(stage, 0);
            names.Add(stage);
        }

        counts[stage] = counts.GetValueOrDefault(stage) + 1;
        open.Push(stage);
        return new Stage(this);
    }

    /// <summary>Runs a stage.</summary>
    /// <param name="stage">Any name; the same name adds up.</param>
    /// <param name="work">What to time.</param>
    public void Measure(string stage, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        using (Measure(stage))
            work();
    }

    /// <summary>Runs a stage that makes something.</summary>
    /// <param name="stage">Any name; the same name adds up.</param>
    /// <param name="work">What to time.</param>
    /// <typeparam name="T">What it makes.</typeparam>
    /// <returns>What <paramref name="work"/> returned.</returns>
    public T Measure<T>(string stage, Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        using (Measure(stage))
            return work();
    }

    /// <summary>Forgets all times; stages that are running go on from zero.</summary>
    public void Reset()
    {
        names.Clear();
        ticks.Clear();
        counts.Clear();
        lapped.Clear();
        foreach (var stage in open.Reverse().Where(stage => ticks.TryAdd(stage, 0)))
            names.Add(stage);
        mark = Stopwatch.GetTimestamp();
    }

    /// <summary>A line a stage: seconds, milliseconds a run, and the share of the whole in percent.</summary>
    /// <returns>The table, lines ended by '\n', numbers in the invariant culture.</returns>
    public string Table()
    {
        var width = Math.Max(5, names.Select(name => name.Length).DefaultIfEmpty(0).Max());
        var total = Total;
        var table = new StringBuilder();
        Line("stage", "seconds", "ms/run", "share");
        foreach (var name in names)
        {
            var time = Time(name);
            Line(name, Number(time.TotalSeconds, "F2"), Number(time.TotalMilliseconds / Math.Max(1, Count(name)), "F2"),
                Number(total > TimeSpan.Zero ? 100 * (time / total) : 0, "F1") + " %");
        }

        Line("total", Number(total.TotalSeconds, "F2"), "", "100.0 %");
        return table.ToString();

        void Line(string name, string seconds, string perRun, string share) =>
            table.Append(name.PadRight(width)).Append(seconds.PadLeft(10)).Append(perRun.PadLeft(10)).Append(share.PadLeft(10)).Append('\n');

        static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Gives the time since the last start or end to the stage that ran meanwhile.</summary>
    private void Charge()
    {
        if (synchronize is not null)
            torch.cuda.synchronize(synchronize);
        var now = Stopwatch.GetTimestamp();
        if (open.TryPeek(out var running))
            ticks[running] += now - mark;
        mark = now;
    }

    private void End()
    {
        Charge();
        open.Pop();
    }

    /// <summary>A running stage of a <see cref="StepProfiler"/>.</summary>
    public readonly struct Stage : IDisposable
    {
        private readonly StepProfiler profiler;

        internal Stage(StepProfiler profiler) => this.profiler = profiler;

        /// <summary>Ends the stage.</summary>
        public void Dispose() => profiler.End();
    }
}
