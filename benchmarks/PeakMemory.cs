using System.Globalization;

namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>How much memory an action takes at its peak, by the kernel's own mark of the highest resident size.</summary>
internal static class PeakMemory
{
    /// <summary>Bytes above what was resident before; NaN where the kernel keeps no such mark (not Linux).</summary>
    public static double Of(Action body)
    {
        if (!File.Exists("/proc/self/clear_refs"))
            return double.NaN;
        body();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        File.WriteAllText("/proc/self/clear_refs", "5"); // the mark becomes what is resident now
        var before = Status("VmRSS");
        body();
        return Status("VmHWM") - before;
    }

    // A line reads "VmHWM:     1234 kB".
    private static double Status(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return 1024.0 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
