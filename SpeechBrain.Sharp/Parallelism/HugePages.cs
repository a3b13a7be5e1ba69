using System.Runtime.InteropServices;

namespace SpeechBrain.Sharp.Parallelism;

/// <summary>
/// Asks Linux to back a large fresh result with pages of 2 MiB. malloc returns buffers of tens of megabytes to the system at each free, so that
/// the next one costs a page fault every 4 KiB, more than a pass over them takes.
/// </summary>
internal static partial class HugePages
{
    private const long PageSize = 2L << 20;
    private const int AdviseHugePage = 14;

    // A smaller buffer is reused by malloc, or costs few faults.
    private const long FewestBytes = 4 * PageSize;

    private static volatile bool unavailable = !OperatingSystem.IsLinux();

    /// <summary>Advice for the whole pages within a buffer, so that it takes no memory beyond itself. Without effect where there are none.</summary>
    internal static void Advise(nint start, long bytes)
    {
        if (unavailable || bytes < FewestBytes)
            return;
        long first = (start + PageSize - 1) / PageSize * PageSize, end = (start + bytes) / PageSize * PageSize;
        try
        {
            // A refusal (a kernel without huge pages) changes nothing but speed.
            _ = MemoryAdvise((nint)first, (nint)(end - first), AdviseHugePage);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            unavailable = true;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(nint start, nint bytes, int advice);
}
