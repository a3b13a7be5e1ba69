using SystemLibTorch.Native;

namespace TorchSharp;

/// <summary>Makes backward name the operation that produced a NaN, until it is disposed.</summary>
public class AnomalyMode : IDisposable
{
    private readonly bool previous = IsEnabled;

    /// <summary>Switches the check on or off.</summary>
    public AnomalyMode(bool enabled, bool check_nan = true) => NativeMethods.slt_set_anomaly_enabled(enabled ? 1 : 0, check_nan ? 1 : 0);

    /// <summary>Whether it is on.</summary>
    public static bool IsEnabled => NativeMethods.slt_anomaly_enabled() != 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Goes back to what was before.</summary>
    protected virtual void Dispose(bool disposing) => NativeMethods.slt_set_anomaly_enabled(previous ? 1 : 0, 1);
}
