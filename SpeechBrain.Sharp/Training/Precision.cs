using TorchSharp;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// SpeechBrain's option <c>precision</c>: the type in which a model computes its products, and whether its loss wants a factor. Weights, their
/// gradients, the optimizer's state and checkpoints are float32 whatever it is.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>utils/autocast.py, AMPConfig</c>. TorchSharp has no autocast; which layers compute in the type is told at
/// <c>Conformer.MixedPrecision</c>.
/// <code>
/// var precision = Precision.Parse("bf16");
/// precision.Check(device);
/// model.ComputeIn(precision.ProductType);
/// var update = new WeightUpdate(optimizer, weights, scaler: precision.NewGradScaler());
/// </code>
/// </remarks>
public sealed record Precision
{
    private Precision(string name, torch.ScalarType? productType, bool scalesLoss) =>
        (Name, ProductType, ScalesLoss) = (name, productType, scalesLoss);

    /// <summary>float32 throughout; SpeechBrain's default.</summary>
    public static Precision Fp32 { get; } = new("fp32", null, scalesLoss: false);

    /// <summary>Products in bfloat16, on CPU and GPU.</summary>
    public static Precision Bf16 { get; } = new("bf16", torch.ScalarType.BFloat16, scalesLoss: false);

    /// <summary>Products in float16, on a GPU, with a factor on the loss.</summary>
    public static Precision Fp16 { get; } = new("fp16", torch.ScalarType.Float16, scalesLoss: true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Precision> All { get; } = [Fp32, Bf16, Fp16];

    /// <summary>SpeechBrain's name: <c>fp32</c>, <c>bf16</c> or <c>fp16</c>.</summary>
    public string Name { get; }

    /// <summary>The type to give to <c>ComputeIn</c>; null: that of the weights.</summary>
    public torch.ScalarType? ProductType { get; }

    /// <summary>Whether small gradients would become 0 without a <see cref="GradScaler"/>.</summary>
    public bool ScalesLoss { get; }

    /// <summary>The one of a name.</summary>
    /// <param name="name"><c>fp32</c>, <c>bf16</c> or <c>fp16</c>.</param>
    /// <exception cref="ArgumentException">Another name.</exception>
    public static Precision Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(p => p.Name == name)
            ?? throw new ArgumentException($"precision is '{name}'; it must be one of {string.Join(", ", All)}.", nameof(name));
    }

    /// <summary>Refuses a device that lacks the type's products, before the first batch does.</summary>
    /// <param name="device">Where the model computes.</param>
    /// <exception cref="ArgumentException">fp16 on the CPU.</exception>
    public void Check(torch.Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (ProductType == torch.ScalarType.Float16 && device.type == DeviceType.CPU)
            throw new ArgumentException(
                $"precision {Name} needs a GPU, and the device is {device}; choose {Bf16}, or another device.", nameof(device));
    }

    /// <summary>A new scaler with PyTorch's defaults if losses want a factor; else null.</summary>
    public GradScaler? NewGradScaler() => ScalesLoss ? new GradScaler() : null;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
