using System.Runtime.InteropServices;

namespace SystemLibTorch.Native;

/// <summary>Turns a failed native call into the exception that TorchSharp would throw: <see cref="ExternalException"/> with libtorch's message.</summary>
internal static unsafe class NativeError
{
    /// <summary>The exception for this thread's last failure; one thrown by C# inside a backward comes back as the cause.</summary>
    public static Exception Take()
    {
        var message = Marshal.PtrToStringUTF8((nint)NativeMethods.slt_error()) ?? "unknown error";
        var cause = thrownInBackward;
        thrownInBackward = null;
        return new ExternalException(message, cause);
    }

    /// <summary>Throws when a native function reports failure.</summary>
    public static void Check(int status)
    {
        if (status != 0) throw Take();
    }

    /// <summary>Keeps an exception that must cross native frames, and gives native code its message.</summary>
    public static void Keep(Exception exception)
    {
        thrownInBackward = exception;
        NativeMethods.slt_set_error($"{exception.GetType().FullName}: {exception.Message}");
    }

    [ThreadStatic]
    private static Exception? thrownInBackward;
}
