using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Tests.Training;

public sealed class StepProfilerTests
{
    private static void Spin(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
        }
    }

    [Test]
    public void AnInnerStageIsNotCountedTwice()
    {
        var profiler = new StepProfiler();
        long start = Stopwatch.GetTimestamp();
        using (profiler.Measure("outer"))
        {
            using (profiler.Measure("inner"))
                Spin(TimeSpan.FromMilliseconds(20));
        }

        var wall = Stopwatch.GetElapsedTime(start);
        Assert.That(profiler.Stages, Is.EqualTo(new[] { "outer", "inner" }));
        Assert.That(profiler.Time("inner"), Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(20)));
        // Were it counted in both, the sum would be at least 40 ms more than what the inner stage left over.
        Assert.That(profiler.Total, Is.LessThanOrEqualTo(wall));
        Assert.That(profiler.Total, Is.EqualTo(profiler.Time("outer") + profiler.Time("inner")).Within(TimeSpan.FromTicks(2)));
    }

    [Test]
    public void TimeOutsideStagesIsNotCounted()
    {
        var profiler = new StepProfiler();
        using (profiler.Measure("a"))
        {
        }

        Spin(TimeSpan.FromMilliseconds(20));
        long start = Stopwatch.GetTimestamp();
        var before = profiler.Total;
        using (profiler.Measure("a"))
        {
        }

        Assert.That(profiler.Total - before, Is.LessThanOrEqualTo(Stopwatch.GetElapsedTime(start)));
        Assert.That(profiler.Count("a"), Is.EqualTo(2));
        Assert.That(profiler.Count("never"), Is.Zero);
        Assert.That(profiler.Time("never"), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void TheTableHasALineAStageAndTheTotal()
    {
        var profiler = new StepProfiler();
        foreach (string stage in new[] { "load", "encoder", "load" })
        {
            using (profiler.Measure(stage))
                Spin(TimeSpan.FromMilliseconds(1));
        }

        string[] lines = profiler.Table().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines.Select(line => line.Split(' ')[0]), Is.EqualTo(new[] { "stage", "load", "encoder", "total" }));
        Assert.That(lines.Select(line => line.Length).Distinct().Count(), Is.EqualTo(1), "columns line up");
        var shares = lines[1..^1].Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]);
        Assert.That(shares.Sum(share => double.Parse(share, CultureInfo.InvariantCulture)), Is.EqualTo(100).Within(0.11));
    }

    [Test]
    public void LapsAddUpToTheTotal()
    {
        var profiler = new StepProfiler();
        var laps = new List<(string Stage, TimeSpan Time)>();
        foreach (string[] step in new[] { new[] { "load", "encoder" }, ["encoder"], ["load"] })
        {
            foreach (string stage in step)
            {
                using (profiler.Measure(stage))
                    Spin(TimeSpan.FromMilliseconds(1));
            }
            var lap = profiler.Lap();
            Assert.That(lap.Select(part => part.Stage), Is.EqualTo(step));
            laps.AddRange(lap);
        }
        foreach (string stage in profiler.Stages)
        {
            var sum = laps.Where(lap => lap.Stage == stage).Aggregate(TimeSpan.Zero, (sum, lap) => sum + lap.Time);
            Assert.That(sum, Is.EqualTo(profiler.Time(stage)).Within(TimeSpan.FromTicks(3)));
        }
        Assert.That(profiler.Lap(), Is.Empty);
    }

    [Test]
    public void AnEmptyTableIsATable() => Assert.That(new StepProfiler().Table(), Does.Contain("total"));

    [Test]
    public void ResetStartsFromZero()
    {
        var profiler = new StepProfiler();
        using (profiler.Measure("a"))
            Spin(TimeSpan.FromMilliseconds(1));
        profiler.Reset();
        Assert.That(profiler.Total, Is.EqualTo(TimeSpan.Zero));
        Assert.That(profiler.Stages, Is.Empty);
    }
}
