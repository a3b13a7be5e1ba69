using System.Runtime.InteropServices;
using SystemLibTorch.Native;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>libtorch's version.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8((nint)NativeMethods.slt_torch_version())!;

    /// <summary>How many threads one operation may use on the CPU.</summary>
    public static int get_num_threads() => NativeMethods.slt_threads();

    /// <summary>Sets how many threads one operation may use on the CPU.</summary>
    public static void set_num_threads(int num) => NativeError.Check(NativeMethods.slt_set_threads(num));

    /// <summary>How many operations libtorch's own interpreter may run side by side.</summary>
    public static int get_num_interop_threads() => NativeMethods.slt_interop_threads();

    /// <summary>Sets how many operations libtorch's own interpreter may run side by side; once, before any ran.</summary>
    public static void set_num_interop_threads(int num) => NativeError.Check(NativeMethods.slt_set_interop_threads(num));
}
