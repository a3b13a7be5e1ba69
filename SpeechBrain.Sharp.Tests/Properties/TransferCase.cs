using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Properties;

/// <summary>A call of the library, for the theory that nothing is copied or waited for which its documentation does not declare.</summary>
/// <param name="Name">Of the function of <see cref="Functional"/> or of the module, with the settings that matter behind a blank.</param>
/// <param name="Prepare">
/// Makes inputs and modules on a device, and the call. Where its result has a gradient, that is computed too.
/// </param>
public sealed record TransferCase(string Name, Func<Device, Func<Tensor>> Prepare)
{
    /// <summary>Waits for the device that the documentation declares.</summary>
    public long Waits { get; init; }

    /// <summary>Copies from the device that it declares; a value that is read is one.</summary>
    public long HostCopies { get; init; }

    /// <summary>Copies to the device: of lengths that the caller gave on the host.</summary>
    public long Uploads { get; init; }

    /// <summary>
    /// Whether on the CPU values are read from the tensors' memory (to check labels, or to compute there), which the meter counts as waits.
    /// </summary>
    public bool ReadsHostMemory { get; init; }

    /// <summary>The function or module alone.</summary>
    public string Op => Name.Split(' ')[0];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
