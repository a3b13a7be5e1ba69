using System.Runtime.InteropServices;

namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>
/// How much memory of a GPU an action takes at its peak: the driver is asked for the free memory of the whole device, again and again, by a thread.
/// </summary>
internal static class DeviceMemory
{
    /// <summary>Bytes above what was in use before; NaN where there is no driver of NVIDIA's.</summary>
    /// <param name="body">The action, which waits for its own end.</param>
    public static double PeakOf(Action body)
    {
        try
        {
            UseFirstDevice();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return double.NaN;
        }
        double before = Used(), peak = before;
        using var ready = new ManualResetEventSlim();
        bool running = true;
        var sampler = new Thread(() =>
        {
            UseFirstDevice();
            do
            {
                peak = Math.Max(peak, Used());
                ready.Set();
            }
            while (Volatile.Read(ref running));
        });
        sampler.Start();
        ready.Wait();
        try
        {
            body();
        }
        finally
        {
            Volatile.Write(ref running, false);
            sampler.Join();
        }
        return peak - before;
    }

    // What torch uses is the device's primary context; a thread must be told.
    private static void UseFirstDevice()
    {
        Check(cuDeviceGet(out int device, 0));
        Check(cuDevicePrimaryCtxRetain(out nint context, device));
        Check(cuCtxSetCurrent(context));
    }

    private static double Used()
    {
        Check(cuMemGetInfo_v2(out nuint free, out nuint total));
        return total - free;
    }

    private static void Check(int result)
    {
        if (result != 0) throw new InvalidOperationException($"The CUDA driver answered with error {result}.");
    }

    [DllImport("libcuda.so.1")]
    private static extern int cuDeviceGet(out int device, int ordinal);

    [DllImport("libcuda.so.1")]
    private static extern int cuDevicePrimaryCtxRetain(out nint context, int device);

    [DllImport("libcuda.so.1")]
    private static extern int cuCtxSetCurrent(nint context);

    [DllImport("libcuda.so.1")]
    private static extern int cuMemGetInfo_v2(out nuint free, out nuint total);
}
