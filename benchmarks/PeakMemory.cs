using System.Globalization;
using System.Runtime.InteropServices;

namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>How much memory an action takes at its peak, by the kernel's own mark of the highest resident size.</summary>
internal static class PeakMemory
{
    /// <summary>Bytes above what was resident before; NaN where there is no such mark (not Linux with glibc).</summary>
    /// <param name="body">The action; one that has run before, so that nothing is loaded or compiled for the first time.</param>
    public static double Of(Action body)
    {
        if (!File.Exists("/proc/self/clear_refs") || !NativeLibrary.TryLoad("libc.so.6", out _))
            return double.NaN;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        // What earlier calls freed would serve this one unseen.
        _ = MallocTrim(0);
        File.WriteAllText("/proc/self/clear_refs", "5"); // the mark becomes what is resident now
        var before = Status("VmRSS");
        body();
        return Status("VmHWM") - before;
    }

    [DllImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static extern int MallocTrim(nuint pad);

    // A line reads "VmHWM:     1234 kB".
    private static double Status(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return 1024.0 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
