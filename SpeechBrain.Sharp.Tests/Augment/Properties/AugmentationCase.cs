using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment.Properties;

/// <summary>One augmentation, with settings under which it surely changes something, for the theory over all of them.</summary>
/// <param name="Name">Its name, with the settings that matter.</param>
/// <param name="Make">Makes it on a device.</param>
/// <param name="Trailing">Sizes behind time: none for waveforms, channels, or features.</param>
/// <param name="Time">The padded length of the batches that it is tried on.</param>
public sealed record AugmentationCase(string Name, Func<Device, Augmentation> Make, long[] Trailing, long Time = 400)
{
    /// <summary>The error that is allowed between an example alone and in a batch, in float32, relative to the largest sample.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>Copies from the host to the device that one application may make.</summary>
    public long Uploads { get; init; } = 1;

    /// <summary>Whether on the CPU it works on the tensors' memory itself, which the meter counts as waits; no device is waited for.</summary>
    public bool ReadsHostMemory { get; init; }

    /// <summary>Whether there is nothing to draw, so that all draws are equal.</summary>
    public bool DrawsNothing { get; init; }

    /// <summary>Why an example's result depends on how far it is padded, where it does: a compatibility switch.</summary>
    public string? DependsOnPadding { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
