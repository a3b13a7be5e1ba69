using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Whether operations are recorded on this thread.</summary>
    public static bool is_grad_enabled() => NativeMethods.slt_grad_enabled() != 0;

    /// <summary>Whether this thread is in inference mode.</summary>
    public static bool is_inference_mode_enabled() => NativeMethods.slt_inference_enabled() != 0;

    /// <summary>Records nothing until it is disposed.</summary>
    public static IDisposable no_grad() => new GradModeGuard(false);

    /// <summary>Records, or not, until it is disposed.</summary>
    public static IDisposable enable_grad(bool enabled = true) => new GradModeGuard(enabled);

    /// <summary>Records, or not, until it is disposed.</summary>
    public static IDisposable set_grad_enabled(bool mode = true) => new GradModeGuard(mode);

    /// <summary>Inference mode until it is disposed: no recording, no version counting.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceGuard(mode);

    private sealed class GradModeGuard : IDisposable
    {
        private readonly int previous = NativeMethods.slt_grad_enabled();

        internal GradModeGuard(bool enabled) => NativeMethods.slt_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => NativeMethods.slt_set_grad_enabled(previous);
    }

    private sealed class InferenceGuard(bool mode) : IDisposable
    {
        private nint guard = NativeMethods.slt_inference_guard(mode ? 1 : 0);

        public void Dispose()
        {
            if (guard != 0) NativeMethods.slt_inference_unguard(guard);
            guard = 0;
        }
    }
}
