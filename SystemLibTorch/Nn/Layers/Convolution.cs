using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>What convolutions have in common: shapes, parameters and their first values, padding.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    /// <summary>The weight.</summary>
    [ComponentName(Name = nameof(weight))]
    protected Parameter? _weight;

    /// <summary>The bias.</summary>
    [ComponentName(Name = nameof(bias))]
    protected Parameter? _bias;

    /// <summary>The padding as <c>functional.pad</c> takes it: last dimension first, before and after.</summary>
    protected long[] _reversed_padding_repeated_twice = [];

    /// <summary>A convolution drawn uniformly from ±1/√(inputs of one output).</summary>
    protected Convolution(
        string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type, long[] dilation,
        bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device? device = null, ScalarType? dtype = null) : base(name)
    {
        if (transposed && padding_mode != PaddingModes.Zeros)
            throw new ArgumentException("Only PaddingModes.Zeros is supported for ConvTransposeND", nameof(padding_mode));
        this.in_channels = in_channels;
        this.out_channels = out_channels;
        this.kernel_size = kernel_size;
        this.stride = stride;
        this.dilation = dilation;
        this.transposed = transposed;
        this.output_padding = output_padding;
        this.groups = groups;
        this.padding_mode = padding_mode;
        if (padding_type is { } named)
            SetPadding(named);
        else
            SetPadding(padding ?? new long[kernel_size.Length]);

        long[] channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
        weight = nn.Parameter(empty([.. channels, .. kernel_size], dtype, device));
        if (bias) this.bias = nn.Parameter(empty([out_channels], dtype, device));
        reset_parameters();
    }

    /// <summary>Channels of inputs.</summary>
    public long in_channels { get; }

    /// <summary>Channels of results.</summary>
    public long out_channels { get; }

    /// <summary>Sizes of the kernel.</summary>
    public long[] kernel_size { get; set; }

    /// <summary>Steps between places of the kernel.</summary>
    public long[] stride { get; set; }

    /// <summary>Zeros on either side, or null where the padding has a name.</summary>
    public long[]? padding { get; private set; }

    /// <summary>The padding's name, or null where it is given in numbers.</summary>
    public Padding? padding_type { get; private set; }

    /// <summary>What stands beyond the edges.</summary>
    public PaddingModes padding_mode { get; set; }

    /// <summary>Steps between elements of the kernel.</summary>
    public long[] dilation { get; set; }

    /// <summary>Whether it is the transpose.</summary>
    public bool transposed { get; }

    /// <summary>Elements added to one side of a transpose's result.</summary>
    public long[] output_padding { get; set; }

    /// <summary>Groups of channels that do not see each other.</summary>
    public long groups { get; set; }

    /// <summary><c>[out_channels, in_channels / groups, kernel...]</c>.</summary>
    public Parameter weight { get => _weight!; set => Adopt(ref _weight, value); }

    /// <summary><c>[out_channels]</c>, or null.</summary>
    public Parameter? bias { get => _bias; set => Adopt(ref _bias, value); }

    private protected override bool TrustsLastMove => false;

    /// <summary>Draws the parameters anew.</summary>
    public void reset_parameters()
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null) return;
        var (fanIn, _) = nn.init.CalculateFanInAndFanOut(weight);
        if (fanIn == 0) return;
        var bound = 1 / Math.Sqrt(fanIn);
        nn.init.uniform_(bias, -bound, bound);
    }

    /// <summary>Sets the padding in numbers.</summary>
    public void SetPadding(long[] padding)
    {
        this.padding = padding;
        padding_type = null;
        _reversed_padding_repeated_twice = [.. padding.Reverse().SelectMany(amount => new[] { amount, amount })];
    }

    /// <summary>Sets the padding by name; <see cref="Padding.Same"/> keeps the size, with strides of one.</summary>
    public void SetPadding(Padding padding)
    {
        if (transposed) throw new ArgumentException("Cannot set padding type on ConvTransposeND");
        this.padding = null;
        padding_type = padding;
        var rank = kernel_size.Length;
        _reversed_padding_repeated_twice = new long[2 * rank];
        if (padding != Padding.Same) return;
        if (stride.Any(step => step != 1)) throw new ArgumentException("padding='same' is not supported for strided convolutions");
        for (var d = 0; d < rank; d++)
        {
            var total = dilation[d] * (kernel_size[d] - 1);
            var at = 2 * (rank - 1 - d);
            _reversed_padding_repeated_twice[at] = total / 2;
            _reversed_padding_repeated_twice[at + 1] = total - total / 2;
        }
    }

    /// <summary>Whether an input has the channels, with or without a batch.</summary>
    protected bool ValidateShape(Tensor input, long dimensions)
    {
        var shape = input.shape;
        return (shape.Length == dimensions + 2 && shape[1] == in_channels) || (shape.Length == dimensions + 1 && shape[0] == in_channels);
    }
}
