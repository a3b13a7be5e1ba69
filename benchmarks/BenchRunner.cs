using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>Times a case and its peer in turn.</summary>
internal static class BenchRunner
{
    // Long enough that the clock and one interruption weigh little.
    private static readonly TimeSpan sample = TimeSpan.FromMilliseconds(30);

    public static BenchResult Run(BenchmarkCase benchmark, PythonPeer? python, BenchOptions options)
    {
        var known = benchmark.ExtraBefore?.Invoke() ?? benchmark.Extra;
        var (body, owner) = benchmark.Prepare();
        using (owner)
        {
            // What runs on a GPU has only been asked for when a call returns.
            Action wait = options.Device == "cuda" ? () => cuda.synchronize() : () => { };
            WarmUp(body);
            var iterations = Calibrate(count => Time(body, count, wait));
            var twin = benchmark.Twin ?? benchmark.Name;
            var baseline = benchmark.PrepareBaseline?.Invoke();
            using var baselineOwner = baseline?.Owner;
            if (baseline is { } own) WarmUp(own.Body);
            var knows = baseline is not null || (python is not null && python.Knows(twin));
            TimeSpan Peer(int count) => baseline is { } other ? Time(other.Body, count, wait) : python!.Time(twin, count);
            var theirs = knows ? Calibrate(Peer) : 0;
            var rounds = Math.Min(options.Rounds, benchmark.MaxRounds);
            var ours = new double[rounds];
            var peer = new double[rounds];
            using var copy = benchmark.Bytes > 0 ? new CopyRate(benchmark.Bytes, options.Device, wait) : null;
            var copies = new double[rounds];
            var whole = benchmark.PrepareWhole?.Invoke();
            using var wholeOwner = whole?.Owner;
            if (whole is { } warm) WarmUp(warm.Body);
            var wholes = new double[rounds];
            var processor = new double[rounds];
            for (var round = 0; round < rounds; round++)
            {
                var spent = Environment.CpuUsage.TotalTime;
                ours[round] = Time(body, iterations, wait).TotalMilliseconds / iterations;
                processor[round] = (Environment.CpuUsage.TotalTime - spent).TotalMilliseconds / iterations;
                if (copy is not null) copies[round] = copy.Milliseconds();
                if (knows) peer[round] = Peer(theirs).TotalMilliseconds / theirs;
                if (whole is { } part) wholes[round] = Time(part.Body, 1, wait).TotalMilliseconds;
            }
            if (benchmark.ConstantBytes is { } constants)
                known = Joined($"kernel {Size(constants())}{(knows ? $", the peer's {Size(python!.ConstantBytes(twin))}" : "")}", known);
            var extra = copy?.Describe(Median(ours), Median([.. ours.Zip(copies, (o, c) => c / o)]), known) ?? known;
            if (benchmark.AudioSeconds > 0)
            {
                extra += string.Create(CultureInfo.InvariantCulture, $"{benchmark.AudioSeconds * 1e3 / Median(ours):0}x real time, ")
                    + string.Create(CultureInfo.InvariantCulture, $"{benchmark.AudioSeconds * 1e3 / Median(processor):0}x by processor time");
            }
            if (whole is not null)
            {
                string Share(double[] times) => Median([.. times.Zip(wholes, (t, w) => t / w)]).ToString("P3", CultureInfo.InvariantCulture);
                extra += $"{Share(ours)} of {benchmark.Whole}{(knows ? $", the peer's {Share(peer)}" : "")}";
            }
            if (benchmark.PrepareSmall is not null)
            {
                string theirPeak = knows ? $", the peer's {Size(python!.PeakBytes(twin))}" : "";
                extra = Joined($"peak {Size(PeakProbe.Of(benchmark, options))}{theirPeak}", extra);
            }
            return new BenchResult(
                benchmark.Name, options.Threads, options.Device, Median(ours), knows ? benchmark.Peer : null, knows ? Median(peer) : null,
                knows ? Median([.. ours.Zip(peer, (o, p) => p / o)]) : null, extra);
        }
    }

    private static string Size(double bytes) => double.IsNaN(bytes)
        ? "unknown"
        : bytes < 1e6 ? FormattableString.Invariant($"{bytes / 1e3:0.0} kB") : FormattableString.Invariant($"{bytes / 1e6:0.0} MB");

    private static string Joined(string one, string other) => other.Length > 0 ? $"{one}, {other}" : one;

    // Long enough for the run time to notice hot methods and to compile them again with all optimisations.
    private static void WarmUp(Action body)
    {
        for (var i = 0; i < 2; i++)
        {
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(150)) body();
            // What takes seconds is no matter of hot methods.
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(2)) return;
            Thread.Sleep(150);
        }
    }

    private static TimeSpan Time(Action body, int count, Action wait)
    {
        wait();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++) body();
        wait();
        return Stopwatch.GetElapsedTime(start);
    }

    private static int Calibrate(Func<int, TimeSpan> time)
    {
        var count = 1;
        for (var elapsed = time(1); elapsed < sample && count < 1 << 24; elapsed = time(count))
            count = (int)Math.Min(1 << 24, Math.Max(count * 2, count * sample.TotalSeconds / Math.Max(elapsed.TotalSeconds, 1e-9) * 1.1));
        return count;
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
