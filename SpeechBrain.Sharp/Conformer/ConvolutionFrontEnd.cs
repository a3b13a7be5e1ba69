using SpeechBrain.Sharp.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Blocks of convolutions over time and frequency between features and encoder; with strides they make fewer frames of them:
/// <c>call(x)</c> or <c>call(x, lengths)</c>.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/lobes/models/convolution.py</c> with <c>Conv2d</c>, whose state-dict keys these are. A convolution's weight is
/// <c>[out, in, frequency, time]</c>; normalization goes over (features, channels) of a frame. Sizes are worked out by arithmetic, where
/// SpeechBrain sends a dummy batch through the layers. Deviations: causal padding is put on time (there on frequency); and given lengths, an
/// utterance is reflected at its own end, so that it comes out the same alone and in a padded batch (without them the end of the batch is
/// everybody's, which is SpeechBrain's behaviour).
/// </remarks>
public sealed class ConvolutionFrontEnd : nn.Module<Tensor, Tensor?, Tensor>, IFilter
{
    private readonly ConvBlock[] blocks;
    private readonly FilterProperties properties;
    private readonly long inputFeatures;
    private readonly long inputChannels;

    /// <summary>Makes the blocks.</summary>
    /// <param name="inputShape">
    /// <c>[batch, time, features]</c> or <c>[batch, time, features, channels]</c>; the first two may be anything, the others fix the weights.
    /// </param>
    /// <param name="numBlocks">Number of blocks.</param>
    /// <param name="numLayersPerBlock">Convolutions a block.</param>
    /// <param name="outChannels">Channels of each block; null: 128, 256, 512.</param>
    /// <param name="kernelSizes">Frames and features that a convolution of each block sees, odd unless the padding is Valid; null: 3, 3, 3.</param>
    /// <param name="strides">Stride of each block, in time and frequency, in its last layer; null: 1, 2, 2.</param>
    /// <param name="dilations">Dilation of each block; null: 1, 1, 1.</param>
    /// <param name="residuals">Whether each block has a residual connection; null: all have.</param>
    /// <param name="activation">After each normalization; null: LeakyReLU.</param>
    /// <param name="norm">Whether there is a layer normalization after each convolution.</param>
    /// <param name="dropout">Probability of dropping in training, after each layer.</param>
    /// <param name="convBias">Whether the convolutions have biases.</param>
    /// <param name="padding">What is put around time and frequency.</param>
    /// <param name="convInit">How the weights begin.</param>
    /// <exception cref="ArgumentException">A value out of its range, a list shorter than the number of blocks, or sizes that do not fit
    /// together.</exception>
    public ConvolutionFrontEnd(
        IReadOnlyList<long> inputShape, int numBlocks = 3, int numLayersPerBlock = 5, IReadOnlyList<long>? outChannels = null,
        IReadOnlyList<long>? kernelSizes = null, IReadOnlyList<long>? strides = null, IReadOnlyList<long>? dilations = null,
        IReadOnlyList<bool>? residuals = null,
        Activation? activation = null, bool norm = true, double dropout = 0.1, bool convBias = true, ConvPadding padding = ConvPadding.Same,
        ConvInit convInit = ConvInit.Default)
        : base(nameof(ConvolutionFrontEnd))
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        if (inputShape.Count is not (3 or 4) || inputShape.Skip(2).Any(s => s < 1))
            throw new ArgumentException(
                $"inputShape is [{string.Join(", ", inputShape)}]; it must be [batch, time, features] or [batch, time, features, channels], "
                + "the last at least 1.",
                nameof(inputShape));
        Require.Range(numBlocks, nameof(numBlocks), 1);
        Require.Range(numLayersPerBlock, nameof(numLayersPerBlock), 1);
        ModuleInput.Dropout(dropout, nameof(dropout));
        Require.Defined(padding, nameof(padding));
        Require.Defined(convInit, nameof(convInit));
        inputFeatures = inputShape[2];
        inputChannels = inputShape.Count == 4 ? inputShape[3] : 1;

        var allChannels = Each(outChannels ?? [128, 256, 512], nameof(outChannels), numBlocks);
        var allKernels = Each(kernelSizes ?? [3, 3, 3], nameof(kernelSizes), numBlocks);
        var allStrides = Each(strides ?? [1, 2, 2], nameof(strides), numBlocks);
        var allDilations = Each(dilations ?? [1, 1, 1], nameof(dilations), numBlocks);
        if (padding != ConvPadding.Valid && allKernels.FirstOrDefault(k => k % 2 == 0) is var even and not 0)
            throw new ArgumentException($"kernelSizes holds {even}; with {padding} padding kernels must be odd.", nameof(kernelSizes));
        if (residuals is not null && residuals.Count < numBlocks)
            throw new ArgumentException($"residuals has {residuals.Count} entries for {numBlocks} blocks.", nameof(residuals));

        blocks = new ConvBlock[numBlocks];
        long features = inputFeatures, channels = inputChannels;
        FilterProperties? stacked = null;
        for (int i = 0; i < numBlocks; i++)
        {
            blocks[i] = new ConvBlock(
                numLayersPerBlock, features, channels, allChannels[i], allKernels[i], allStrides[i], allDilations[i], residuals?[i] ?? true,
                activation ?? Activation.LeakyReLU, norm, dropout, convBias, padding, convInit);
            register_module($"convblock_{i}", blocks[i]);
            (features, channels) = (blocks[i].OutputFeatures, allChannels[i]);
            for (int layer = 0; layer < numLayersPerBlock; layer++)
            {
                var filter = new FilterProperties(
                    allKernels[i], layer == numLayersPerBlock - 1 ? allStrides[i] : 1, allDilations[i], causal: padding == ConvPadding.Causal);
                stacked = stacked is null ? filter : stacked.WithOnTop(filter);
            }
        }
        OutputFeatures = features;
        OutputChannels = channels;
        properties = stacked!;
        RegisterComponents();
    }

    /// <summary>Features of an output frame.</summary>
    public long OutputFeatures { get; }

    /// <summary>Channels of each output feature.</summary>
    public long OutputChannels { get; }

    /// <summary>All numbers of an output frame: <see cref="OutputFeatures"/> * <see cref="OutputChannels"/>, the input size of an encoder.</summary>
    public long OutputSize => OutputFeatures * OutputChannels;

    /// <inheritdoc/>
    public FilterProperties GetFilterProperties() => properties;

    /// <summary>How many frames come out when so many go in.</summary>
    /// <param name="frames">0 or more.</param>
    public long OutputLength(long frames)
    {
        Require.Range(frames, nameof(frames), 0);
        return Convolutions.Aggregate(frames, (n, conv) => conv.OutputFrames(n));
    }

    /// <summary>How many frames of each item come out.</summary>
    /// <param name="frames">One number for each item, 0 or more.</param>
    public long[] OutputLengths(long[] frames) => [.. frames.Select(OutputLength)];

    /// <summary>How many frames of each item come out, without leaving the device.</summary>
    /// <param name="frames"><c>[batch]</c> int64.</param>
    /// <exception cref="ArgumentException">Not int64 or not one-dimensional.</exception>
    public Tensor OutputLengths(Tensor frames)
    {
        RequireLengths(frames, nameof(frames));
        using var scope = NewDisposeScope();
        return Convolutions.Aggregate(frames, (n, conv) => conv.OutputFrames(n)).MoveToOuterDisposeScope();
    }

    /// <summary>Applies the blocks.</summary>
    /// <param name="x"><c>[batch, time, features]</c> or <c>[batch, time, features, channels]</c>, as wide as the constructor was told.</param>
    /// <param name="lengths">
    /// <c>[batch]</c> int64, the frames of each item (not relative), on <paramref name="x"/>'s device. Null: all items fill the batch.
    /// </param>
    /// <returns><c>[batch, OutputLength(time), OutputFeatures, OutputChannels]</c>; frames after an item's own have no meaning.</returns>
    /// <exception cref="ArgumentException">Wrong ranks, sizes, types or devices, or too few frames to reflect.</exception>
    public override Tensor forward(Tensor x, Tensor? lengths)
    {
        Check(x, lengths);
        using var scope = NewDisposeScope();
        var y = x.dim() == 3 ? x.unsqueeze(3) : x;
        foreach (var block in blocks)
            (y, lengths) = block.Apply(y, lengths);
        return y.MoveToOuterDisposeScope();
    }

    /// <summary>Applies the blocks to a batch without padding.</summary>
    /// <param name="x">As in <see cref="forward"/>.</param>
    /// <returns>As there.</returns>
    public Tensor call(Tensor x) => call(x, null)!;

    private IEnumerable<Conv2d> Convolutions => blocks.SelectMany(b => b.Convolutions);

    private void Check(Tensor x, Tensor? lengths)
    {
        Require.Rank(x, nameof(x), "[batch, time, features] or [batch, time, features, channels]", 3, 4);
        if (x.size(2) != inputFeatures || (x.dim() == 4 ? x.size(3) : 1) != inputChannels)
            throw new ArgumentException(
                $"x is {Require.Describe(x)}; the module was made for {inputFeatures} features of {inputChannels} channels.", nameof(x));
        ModuleInput.Like(x, nameof(x), blocks[0].Weight);
        long frames = x.size(1);
        foreach (var conv in Convolutions)
        {
            long needed = conv.NeededFrames;
            if (frames < needed)
                throw new ArgumentException(
                    $"x is {Require.Describe(x)}: {frames} frames reach a convolution that needs {needed}. Pad the utterances or leave short ones "
                    + "out.", nameof(x));
            frames = conv.OutputFrames(frames);
        }
        if (lengths is not null)
            Require.Lengths(lengths, nameof(lengths), x, nameof(x), 0, x.size(1));
    }

    private static void RequireLengths(Tensor lengths, string name)
    {
        Require.Rank(lengths, name, "[batch], frames", 1);
        if (lengths.dtype != ScalarType.Int64)
            throw new ArgumentException($"{name} is {Require.Describe(lengths)}; lengths are numbers of frames, int64.", name);
    }

    private static IReadOnlyList<long> Each(IReadOnlyList<long> values, string name, int count)
    {
        if (values.Count < count)
            throw new ArgumentException($"{name} has {values.Count} entries for {count} blocks.", name);
        foreach (long value in values.Take(count))
            Require.Range(value, name, 1, 1 << 20);
        return values;
    }
}
