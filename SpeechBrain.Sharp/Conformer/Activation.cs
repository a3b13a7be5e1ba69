using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// An elementwise function without parameters, with a name: what SpeechBrain passes around as a module class
/// (<c>activation=torch.nn.GELU</c>). Make your own with <c>new Activation("Mish", x =&gt; nn.functional.Mish(x))</c>.
/// </summary>
public sealed class Activation
{
    private static readonly Activation[] Known =
    [
        new("Identity", x => x.alias(), x => x.alias()),
        new("ReLU", x => nn.functional.relu(x), x => nn.functional.relu(x, inplace: true)),
        new("LeakyReLU", x => nn.functional.leaky_relu(x, 0.01), x => nn.functional.leaky_relu(x, 0.01, inplace: true)),
        new("GELU", x => nn.functional.gelu(x), x => nn.functional.gelu(x, inplace: true)),
        new("Swish", x => nn.functional.silu(x), x => nn.functional.silu(x, inplace: true)),
        new("Tanh", x => x.tanh(), x => x.tanh_().alias()),
        new("Sigmoid", x => x.sigmoid(), x => x.sigmoid_().alias()),
    ];

    private readonly Func<Tensor, Tensor> function;
    private readonly Func<Tensor, Tensor> inPlace;

    /// <summary>Gives a function a name.</summary>
    /// <param name="name">What it is called in messages and configuration.</param>
    /// <param name="function">The function; gives a new tensor of the same shape and leaves its argument alone.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public Activation(string name, Func<Tensor, Tensor> function)
        : this(name, NewTensor(function), NewTensor(function))
    {
        ArgumentNullException.ThrowIfNull(name);
    }

    private Activation(string name, Func<Tensor, Tensor> function, Func<Tensor, Tensor> inPlace)
    {
        Name = name;
        this.function = function;
        this.inPlace = inPlace;
    }

    // Layers dispose of what they gave: a function that returns its argument must not lose it by that.
    private static Func<Tensor, Tensor> NewTensor(Func<Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x => function(x) is var y && ReferenceEquals(y, x) ? x.alias() : y;
    }

    /// <summary>x.</summary>
    public static Activation Identity { get; } = Known[0];

    /// <summary>max(x, 0).</summary>
    public static Activation ReLU { get; } = Known[1];

    /// <summary>max(x, 0.01 x).</summary>
    public static Activation LeakyReLU { get; } = Known[2];

    /// <summary>x times the normal distribution function of x; the exact one, by erf.</summary>
    public static Activation GELU { get; } = Known[3];

    /// <summary>x times sigmoid(x), also called SiLU.</summary>
    public static Activation Swish { get; } = Known[4];

    /// <summary>tanh(x).</summary>
    public static Activation Tanh { get; } = Known[5];

    /// <summary>1 / (1 + exp(-x)).</summary>
    public static Activation Sigmoid { get; } = Known[6];

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The function's value, a new tensor.</summary>
    /// <param name="x">Any shape, floating point.</param>
    public Tensor Apply(Tensor x) => function(x);

    /// <summary>
    /// The function's value of a tensor that nobody needs again: in its memory, unless a backward pass may want the argument.
    /// </summary>
    internal Tensor ApplyTo(Tensor owned) => is_grad_enabled() ? function(owned) : inPlace(owned);

    /// <summary>One of the activations above by name, upper or lower case.</summary>
    /// <param name="name">For example <c>Swish</c>.</param>
    /// <exception cref="ArgumentException">No activation has that name.</exception>
    public static Activation Parse(string name) =>
        Known.FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"'{name}' is no known activation; known are {string.Join(", ", Known.Select(a => a.Name))}.", nameof(name));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
