using SpeechBrain.Sharp.Conformer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// A linear layer under SpeechBrain's key <c>w</c> (<c>w.weight</c>, <c>w.bias</c>). Source: SpeechBrain 1.1.0, <c>nnet/linear.py</c>.
/// </summary>
public sealed class Projection : nn.Module<Tensor, Tensor>, IHasProducts
{
    private readonly ProductType products = new();
    private readonly TorchSharp.Modules.Linear w;

    /// <param name="inputSize">Width of the input.</param>
    /// <param name="nNeurons">Width of the output.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="device">Where the weights lie; the CPU by default.</param>
    /// <param name="dtype">The weights' dtype; float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is below 1.</exception>
    public Projection(long inputSize, long nNeurons, bool bias = true, Device? device = null, ScalarType? dtype = null)
        : base(nameof(Projection))
    {
        Require.Range(inputSize, nameof(inputSize), 1);
        Require.Range(nNeurons, nameof(nNeurons), 1);
        if (dtype is { } type && !Require.IsReal(type))
            throw new ArgumentOutOfRangeException(nameof(dtype), type, "Weights are trained: dtype must be float32, float64, bfloat16 or float16.");
        InputSize = inputSize;
        w = nn.Linear(inputSize, nNeurons, bias, device ?? CPU, dtype ?? ScalarType.Float32);
        RegisterComponents();
    }

    /// <summary>Width of the input.</summary>
    public long InputSize { get; }

    ProductType IHasProducts.Products => products;

    /// <summary>The type of the products for an input in the weights' type, see <see cref="MixedPrecision"/>.</summary>
    internal ScalarType ProductsType => products.For(w.weight!);

    /// <summary>An input in the type of the products, see <see cref="MixedPrecision"/>.</summary>
    internal Tensor Cast(Tensor x) => products.Cast(x);

    /// <summary>Weight <c>[nNeurons, inputSize]</c>; it belongs to the layer.</summary>
    public Tensor Weight => w.weight!;

    /// <summary>Bias <c>[nNeurons]</c>, if there is one; it belongs to the layer.</summary>
    public Tensor? Bias => w.bias;

    /// <summary>Projects the last dimension.</summary>
    /// <param name="input"><c>[..., inputSize]</c>.</param>
    /// <returns><c>[..., nNeurons]</c>.</returns>
    /// <exception cref="ArgumentException">The width, dtype or device does not fit.</exception>
    public override Tensor forward(Tensor input)
    {
        Require.MinimumRank(input, nameof(input), "[..., inputSize]", 1);
        Require.Size(input, nameof(input), (int)input.dim() - 1, InputSize, "the layer's inputSize");
        ModuleInput.Like(input, nameof(input), w.weight, products);
        using var scope = NewDisposeScope();
        return ProductType.To(products.Linear(input, w.weight, w.bias), input.dtype).MoveToOuterDisposeScope();
    }
}
