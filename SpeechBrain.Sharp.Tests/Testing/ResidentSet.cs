using System.Globalization;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>
/// The memory of this process that lies in RAM, without what is only kept for later: the collector gives back what it can, and glibc what its
/// arenas hold free (<c>malloc_trim</c>). Without that, memory that is long free would be counted, in amounts that depend on threads and history.
/// </summary>
public static class ResidentSet
{
    /// <summary>Bytes; skips the test where the system is not Linux with glibc.</summary>
    public static long Measure()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("the resident set is read from /proc, which is Linux's");
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            Assert.Ignore("this C library has no malloc_trim, so free memory can't be told from memory in use");
        }
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line[6..^2].Trim(), CultureInfo.InvariantCulture);
    }

    [DllImport("libc")]
    private static extern int malloc_trim(nint pad);
}
