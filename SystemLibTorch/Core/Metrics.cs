using System.Diagnostics.Metrics;
using SystemLibTorch.Native;

namespace SystemLibTorch;

/// <summary>
/// What the binding and libtorch do, as counters of the meter <c>SystemLibTorch</c>: <c>operators</c> called from C#, <c>host_copies</c> and
/// <c>device_copies</c> between host and device, and <c>synchronizations</c> (waits for a result's value or shape, counted on the CPU too). The last three
/// are watched from their first reading on, since watching costs time: read once before what is to be measured.
/// </summary>
internal static unsafe class Metrics
{
    private const int Counters = 3;

    private static readonly Meter meter = new("SystemLibTorch");

    /// <summary>Makes the counters known to listeners.</summary>
    public static void Publish()
    {
        meter.CreateObservableCounter("operators", NativeMethods.slt_calls, "{call}", "Operators called from C#.");
        meter.CreateObservableCounter("host_copies", () => Read(0), "{copy}", "Copies to the host, single values among them.");
        meter.CreateObservableCounter("device_copies", () => Read(1), "{copy}", "Copies from the host to a device.");
        meter.CreateObservableCounter("synchronizations", () => Read(2), "{wait}", "Waits for a value or a shape that only the device knows.");
    }

    private static long Read(int which)
    {
        NativeError.Check(NativeMethods.slt_counters_start());
        var values = stackalloc long[Counters];
        NativeMethods.slt_counters(values);
        return values[which];
    }
}
