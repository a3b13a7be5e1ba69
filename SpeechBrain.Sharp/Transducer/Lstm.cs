using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// An LSTM over <c>[batch, time, features]</c> with SpeechBrain's initialisation and lengths: the prediction network of the transducer.
/// </summary>
/// <remarks>
/// Source: SpeechBrain 1.1.0, <c>nnet/RNN.py</c>. State-dict keys <c>rnn.weight_ih_l0</c>, <c>rnn.weight_hh_l0</c>, <c>rnn.bias_ih_l0</c>,
/// <c>rnn.bias_hh_l0</c> and so on for each layer and direction (<c>_reverse</c>).
/// </remarks>
public sealed class Lstm : nn.Module<Tensor, (Tensor Hidden, Tensor Cell)?, Tensor?, (Tensor Output, Tensor Hidden, Tensor Cell)>
{
    private readonly TorchSharp.Modules.LSTM rnn;
    private readonly long states;

    /// <param name="hiddenSize">Width of the hidden state, and of the output of each direction.</param>
    /// <param name="inputSize">Features of the input; those of a 4-D input are the product of its last two dimensions.</param>
    /// <param name="numLayers">Layers, one on top of the other.</param>
    /// <param name="bias">Whether biases are added.</param>
    /// <param name="dropout">Dropout between layers while training, 0 to 1.</param>
    /// <param name="reInit">
    /// Initialise the recurrent weights orthogonally (the whole <c>[4 * hidden, hidden]</c> matrix at once); the rest keeps torch's initialisation.
    /// </param>
    /// <param name="bidirectional">Run each layer in both directions; the output is twice as wide.</param>
    /// <param name="device">Where the weights lie; the CPU by default.</param>
    /// <param name="dtype">The weights' dtype; float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or <paramref name="dropout"/> is outside 0 to 1.</exception>
    public Lstm(
        long hiddenSize, long inputSize, long numLayers = 1, bool bias = true, double dropout = 0, bool reInit = true, bool bidirectional = false,
        Device? device = null, ScalarType? dtype = null)
        : base(nameof(Lstm))
    {
        Require.Range(hiddenSize, nameof(hiddenSize), 1);
        Require.Range(inputSize, nameof(inputSize), 1);
        Require.Range(numLayers, nameof(numLayers), 1);
        Require.Range(dropout, nameof(dropout), 0, 1);
        if (dtype is { } type && !Require.IsReal(type))
            throw new ArgumentOutOfRangeException(nameof(dtype), type, "Weights are trained: dtype must be float32, float64, bfloat16 or float16.");
        (HiddenSize, InputSize, states) = (hiddenSize, inputSize, numLayers * (bidirectional ? 2 : 1));
        rnn = nn.LSTM(inputSize, hiddenSize, numLayers, bias, batchFirst: true, dropout, bidirectional, device ?? CPU, dtype ?? ScalarType.Float32);
        RegisterComponents();
        foreach (var parameter in rnn.parameters())
            parameter.DetachFromDisposeScope(); // TorchSharp leaves those of its native layers in the scope at hand
        if (reInit)
            foreach (var (name, parameter) in rnn.named_parameters())
                if (name.Contains("weight_hh", StringComparison.Ordinal))
                    InitOrthogonal(parameter);
    }

    /// <summary>Width of the hidden state.</summary>
    public long HiddenSize { get; }

    /// <summary>Features of the input.</summary>
    public long InputSize { get; }

    /// <summary>Runs over whole sequences from a zero state, or from <paramref name="hx"/>.</summary>
    /// <param name="x"><c>[batch, time, features]</c>.</param>
    /// <param name="hx">Hidden and cell state to begin with, or null.</param>
    /// <returns>As <see cref="forward"/>.</returns>
    public (Tensor Output, Tensor Hidden, Tensor Cell) call(Tensor x, (Tensor Hidden, Tensor Cell)? hx = null) => call(x, hx, null);

    /// <summary>Runs over sequences.</summary>
    /// <param name="x"><c>[batch, time, features]</c> or <c>[batch, time, features, channels]</c>, in the weights' dtype.</param>
    /// <param name="hx">Hidden and cell state to begin with, both <c>[layers * directions, batch, hiddenSize]</c>; null: zeros.</param>
    /// <param name="lengths">Relative lengths <c>[batch]</c>, or null: all of it. They are <b>truncated</b> to frames (0.8 of 8 is 6), as
    /// SpeechBrain does here and nowhere else in this network. Read on the host: lengths on another device are waited for.</param>
    /// <returns>
    /// Output <c>[batch, time, hiddenSize * directions]</c>, hidden and cell state at each sequence's end
    /// <c>[layers * directions, batch, hiddenSize]</c>. With lengths the output is as long as the longest sequence, and 0 behind each
    /// sequence's end.
    /// </returns>
    /// <exception cref="ArgumentException">Shapes, dtypes or devices do not fit, or a sequence has no frame.</exception>
    public override (Tensor Output, Tensor Hidden, Tensor Cell) forward(Tensor x, (Tensor Hidden, Tensor Cell)? hx, Tensor? lengths)
    {
        Require.Rank(x, nameof(x), "[batch, time, features] or [batch, time, features, channels]", 3, 4);
        using var scope = NewDisposeScope();
        if (x.dim() == 4)
            x = x.flatten(2);
        Require.Size(x, nameof(x), 2, InputSize, "the LSTM's inputSize");
        if (x.size(0) == 0 || x.size(1) == 0)
            throw new ArgumentException($"x is {Require.Describe(x)}; batch and time must be at least 1.", nameof(x));
        CheckKind(x, nameof(x));
        if (hx is { } state)
        {
            CheckState(state.Hidden, nameof(hx), x.size(0));
            CheckState(state.Cell, nameof(hx), x.size(0));
        }

        Tensor output, hidden, cell;
        if (lengths is null)
        {
            (output, hidden, cell) = rnn.call(x, hx);
        }
        else
        {
            using var packed = nn.utils.rnn.pack_padded_sequence(x, Frames(lengths, x), batch_first: true, enforce_sorted: false);
            (var packedOutput, hidden, cell) = rnn.call(packed, hx);
            using (packedOutput)
                (output, _) = nn.utils.rnn.pad_packed_sequence(packedOutput, batch_first: true);
        }
        return scope.MoveToOuter(output, hidden, cell);
    }

    // Drawn in float32, whatever the weight's type is: libtorch factorises no half-precision matrix.
    private static void InitOrthogonal(Tensor weight)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        weight.copy_(nn.init.orthogonal_(empty(weight.shape, ScalarType.Float32, weight.device)));
    }

    private static Tensor Frames(Tensor lengths, Tensor x)
    {
        Functional.RequireRelativeLengths(lengths, nameof(lengths), x.size(0));
        var frames = (lengths.to(ScalarType.Float32) * x.size(1)).to(ScalarType.Int64).cpu();
        long[] values = BatchLengths.HostValues(frames);
        if (Array.FindIndex(values, f => f < 1) is var empty and >= 0)
            throw new ArgumentOutOfRangeException(
                nameof(lengths), $"lengths[{empty}] of {x.size(1)} frames is truncated to {values[empty]}; each sequence needs at least 1 frame.");
        return frames;
    }

    private void CheckState(Tensor state, string name, long batch)
    {
        ArgumentNullException.ThrowIfNull(state, name);
        if (!state.shape.AsSpan().SequenceEqual([states, batch, HiddenSize]))
            throw new ArgumentException(
                $"{name} is {Require.Describe(state)}; both states must be [{states}, {batch}, {HiddenSize}] (layers * directions, batch, hiddenSize).",
                name);
        CheckKind(state, name);
    }

    private void CheckKind(Tensor tensor, string name)
    {
        var weight = rnn.parameters().First();
        Require.SameDevice(tensor, name, weight, "the LSTM");
        if (tensor.dtype == ScalarType.Float16 && tensor.is_cpu())
            throw new ArgumentException(
                $"{name} is {Require.Describe(tensor)}; an LSTM computes in float16 on a GPU alone. Convert it and the LSTM to bfloat16 or "
                + "float32.", name);
        if (tensor.dtype != weight.dtype)
            throw new ArgumentException($"{name} is {Require.Describe(tensor)}; the LSTM's weights are {weight.dtype}. Convert one of them.", name);
    }
}
