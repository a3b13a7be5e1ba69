using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>
/// Runs a feature extractor chunk by chunk: each chunk is joined with the end of the one before, and outputs that reach beyond it are cut.
/// </summary>
/// <remarks>
/// <para>
/// SpeechBrain 1.1.0, <c>speechbrain/lobes/features.py, StreamingFeatureWrapper</c>. With <c>P = GetRequiredPadding()</c>, the first chunk gets 2 P
/// zeros on its left, later ones the last 2 P samples; the outputs whose centre lies in the first or last P samples are cut. So outputs
/// are late by P samples, and a stream needs <see cref="GetRecommendedFinalChunkCount"/> chunks of zeros at its end. Chunks of m strides give
/// m + 1 frames on the grid of one long pass: the last comes again as the first of the next chunk, so keep m of them. (SpeechBrain's recipe
/// feeds <c>(stride - 1) * n</c> samples to get n frames; its grid drifts against that of a long pass by n samples a chunk.)
/// A level that depends on the whole input, such as <see cref="Filterbank"/>'s floor, differs from chunk to chunk.
/// </para>
/// <para>Deviation: a filter of one sample (P = 0) gives its outputs; SpeechBrain cuts all of them.</para>
/// <code>
/// var wrapper = new StreamingFeatureWrapper(fbank, FilterProperties.Stack(fbank.GetFilterProperties()));
/// using var context = wrapper.MakeStreamingContext();
/// foreach (var chunk in chunks)                             // [batch, 1600]
///     using (var features = wrapper.call(chunk, context))   // [batch, 11, 80]
/// </code>
/// </remarks>
public sealed class StreamingFeatureWrapper : nn.Module<Tensor, StreamingFeatureWrapperContext, Tensor>, IFilter
{
    private readonly nn.Module<Tensor, Tensor> module;

    /// <summary>Wraps a module.</summary>
    /// <param name="module">Takes <c>[batch, time, ...]</c> and gives one frame every stride, padded at both ends; owned by the wrapper.</param>
    /// <param name="properties">Its filter properties: neither causal nor dilated.</param>
    /// <exception cref="ArgumentException">Properties of a causal or dilated filter.</exception>
    public StreamingFeatureWrapper(nn.Module<Tensor, Tensor> module, FilterProperties properties)
        : base(nameof(StreamingFeatureWrapper))
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(properties);
        if (properties.Causal || properties.Dilation != 1)
            throw new ArgumentException($"properties is {properties}; causal and dilated filters can't be wrapped.", nameof(properties));
        this.module = module;
        Properties = properties;
        register_module("module", module);
    }

    /// <summary>The filter properties of the module.</summary>
    public FilterProperties Properties { get; }

    /// <summary>P: samples of context at each end, half the window rounded up to a multiple of the stride.</summary>
    public long GetRequiredPadding() => RoundUp((Properties.WindowSize - 1) / 2, Properties.Stride);

    /// <summary>Output frames that are cut at each end.</summary>
    public long GetOutputCountPerPadFrame() => GetRequiredPadding() / Properties.Stride;

    /// <summary>Chunks of zeros to feed at the end of a stream, so that its last samples get their outputs.</summary>
    /// <param name="framesPerChunk">Samples in a chunk, at least 1.</param>
    public long GetRecommendedFinalChunkCount(long framesPerChunk)
    {
        Require.Range(framesPerChunk, nameof(framesPerChunk), 1);
        return RoundUp(GetRequiredPadding(), framesPerChunk) / framesPerChunk;
    }

    /// <summary>The state of a stream before its first chunk.</summary>
    public StreamingFeatureWrapperContext MakeStreamingContext() => new();

    /// <summary>Turns the next chunk of a stream into features.</summary>
    /// <param name="chunk"><c>[batch, time]</c> or <c>[batch, time, channels]</c>; batch, channels, type and device stay the same in a stream.</param>
    /// <param name="context">The state of the stream; changed by the call.</param>
    /// <returns>The module's output for the part of the stream that is complete: <c>[batch, frames, ...]</c>.</returns>
    /// <exception cref="ArgumentException">A wrong rank, or a chunk that does not continue the stream.</exception>
    public override Tensor forward(Tensor chunk, StreamingFeatureWrapperContext context)
    {
        Require.Rank(chunk, nameof(chunk), "[batch, time] or [batch, time, channels]", 2, 3);
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        long pad = GetRequiredPadding();
        if (pad == 0)
            return module.call(chunk).MoveToOuterDisposeScope();
        Tensor joined;
        if (context.LeftContext is { } left)
        {
            Require.SameDevice(chunk, nameof(chunk), left, "the stream");
            long[] expected = left.shape;
            expected[1] = chunk.shape[1];
            if (chunk.dtype != left.dtype || !chunk.shape.SequenceEqual(expected))
                throw new ArgumentException($"chunk is {Require.Describe(chunk)}; it continues a stream whose samples are {Require.Describe(left)}.", nameof(chunk));
            joined = cat([left, chunk], 1);
        }
        else
        {
            long[] sides = chunk.dim() == 2 ? [2 * pad, 0] : [0, 0, 2 * pad, 0];
            joined = nn.functional.pad(chunk, sides);
        }
        // The stream goes on only when the chunk was fit for the module.
        var features = module.call(joined);
        context.Advance(joined.narrow(1, joined.shape[1] - 2 * pad, 2 * pad).detach().clone());
        long cut = GetOutputCountPerPadFrame();
        return features.narrow(1, cut, Math.Max(0, features.shape[1] - 2 * cut)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public FilterProperties GetFilterProperties() => Properties;

    private static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;
}
