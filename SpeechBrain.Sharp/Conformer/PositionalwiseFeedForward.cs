using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>Two linear layers with an activation (and dropout) in between, applied to each frame.</summary>
/// <remarks>
/// A. Vaswani et al., "Attention is all you need", https://arxiv.org/abs/1706.03762; SpeechBrain 1.1.0, <c>speechbrain/nnet/attention.py</c>. The
/// state-dict keys are <c>ffn.0</c> and <c>ffn.3</c>.
/// </remarks>
public sealed class PositionalwiseFeedForward : nn.Module<Tensor, Tensor>, IHasProducts
{
    private readonly ProductType products = new();
    private readonly Layers ffn;
    private readonly long inputSize;
    private readonly double dropout;
    private readonly Activation activation;

    /// <summary>Makes the layers.</summary>
    /// <param name="dFfn">Features between the two layers.</param>
    /// <param name="inputSize">Features of input and output.</param>
    /// <param name="dropout">Probability of dropping an inner feature in training.</param>
    /// <param name="activation">Between the layers; null: ReLU.</param>
    /// <exception cref="ArgumentException">A value out of its range.</exception>
    public PositionalwiseFeedForward(long dFfn, long inputSize, double dropout = 0, Activation? activation = null)
        : base(nameof(PositionalwiseFeedForward))
    {
        Require.Range(dFfn, nameof(dFfn), 1);
        Require.Range(inputSize, nameof(inputSize), 1);
        ModuleInput.Dropout(dropout, nameof(dropout));
        this.inputSize = inputSize;
        this.dropout = dropout;
        this.activation = activation ?? Activation.ReLU;
        ffn = new Layers(inputSize, dFfn);
        RegisterComponents();
    }

    ProductType IHasProducts.Products => products;

    /// <summary>Applies the layers.</summary>
    /// <param name="x"><c>[batch, time, inputSize]</c> in the type of the weights.</param>
    /// <returns><c>[batch, time, inputSize]</c>.</returns>
    /// <exception cref="ArgumentException">Wrong rank, size, type or device.</exception>
    public override Tensor forward(Tensor x)
    {
        ModuleInput.Sequence(x, nameof(x), inputSize, ffn.Inner.weight, products);
        using var scope = NewDisposeScope();
        Tensor hidden;
        using (var inner = products.Linear(x, ffn.Inner.weight, ffn.Inner.bias))
            hidden = activation.ApplyTo(inner);
        hidden = DropoutNoise.Apply(hidden, dropout, training);
        return ProductType.To(products.Linear(hidden, ffn.Outer.weight, ffn.Outer.bias), x.dtype).MoveToOuterDisposeScope();
    }

    private sealed class Layers : nn.Module
    {
        [ComponentName(Name = "0")]
        public readonly Linear Inner;

        [ComponentName(Name = "3")]
        public readonly Linear Outer;

        public Layers(long inputSize, long dFfn)
            : base(nameof(Layers))
        {
            Inner = nn.Linear(inputSize, dFfn);
            Outer = nn.Linear(dFfn, inputSize);
            RegisterComponents();
        }
    }
}
