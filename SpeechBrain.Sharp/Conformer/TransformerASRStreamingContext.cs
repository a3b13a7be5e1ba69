using SpeechBrain.Sharp.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Where a stream (or a batch of streams that go on together) through a <see cref="TransformerASR"/> stands. Make one for a stream with
/// <see cref="TransformerASR.MakeStreamingContext"/>, hand it to each <see cref="TransformerASR.EncodeStreaming"/>, dispose of it at the end.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/TransformerASR.py</c>. A stream can be put aside and taken up by another process:
/// <code>
/// Safetensors.Save("stream.safetensors", context.StateDict());
/// using var again = encoder.MakeStreamingContext(new DynChunkTrainConfig(16, 4));
/// again.LoadStateDict(Safetensors.Load("stream.safetensors"));
/// </code>
/// </remarks>
public sealed class TransformerASRStreamingContext : IDisposable
{
    private readonly long dModel;
    private readonly long convolutionFrames;

    internal TransformerASRStreamingContext(ConformerEncoderStreamingContext encoderContext, long dModel, long convolutionFrames) =>
        (EncoderContext, this.dModel, this.convolutionFrames) = (encoderContext, dModel, convolutionFrames);

    /// <summary>The chunks of the stream.</summary>
    public DynChunkTrainConfig DynChunkTrainConfig => EncoderContext.DynChunkTrainConfig;

    /// <summary>The context of the layers.</summary>
    public ConformerEncoderStreamingContext EncoderContext { get; }

    /// <summary>Frames of the stream so far.</summary>
    public long Frames => EncoderContext.Frames;

    /// <summary>Frees the frames; the context may begin another stream.</summary>
    public void Dispose() => EncoderContext.Dispose();

    /// <summary>
    /// All that the stream needs to go on: <c>frames</c> (a scalar, int64) and <c>layers.N.mha_left_context</c>, <c>layers.N.dcconv_left_context</c>
    /// of each layer that has them; copies, of the caller.
    /// </summary>
    public Dictionary<string, Tensor> StateDict()
    {
        using var scope = NewDisposeScope();
        var state = new Dictionary<string, Tensor> { ["frames"] = full([], Frames, ScalarType.Int64, CPU) };
        foreach (var (n, layer) in EncoderContext.Layers.Index())
        {
            if (layer.MhaLeftContext is { } attended)
                state.Add(MhaKey(n), attended.clone());
            if (layer.DcconvLeftContext is { } convolved)
                state.Add(DcconvKey(n), convolved.clone());
        }
        scope.MoveToOuter(state.Values);
        return state;
    }

    /// <summary>Puts a saved stream, of the same encoder and the same chunks, in place of this one; the tensors are copied.</summary>
    /// <param name="state">From <see cref="StateDict"/>; <c>frames</c> is read, which waits for its device.</param>
    /// <exception cref="ArgumentException">A missing or unknown key, or a tensor of another shape than these chunks have.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.TryGetValue("frames", out var count) || count.numel() != 1 || count.dtype != ScalarType.Int64)
            throw new ArgumentException("state has no 'frames', one int64 number; it must come from StateDict().", nameof(state));
        using var scope = NewDisposeScope();
        long frames = count.cpu().item<long>();
        Require.Range(frames, "frames", 0);
        long attended = Math.Min(frames, DynChunkTrainConfig.LeftContextSizeFrames ?? long.MaxValue);
        long convolved = Math.Min(frames, convolutionFrames);

        List<string> wanted = ["frames"];
        for (int n = 0; n < EncoderContext.Layers.Count; n++)
        {
            if (attended > 0)
                wanted.Add(MhaKey(n));
            if (convolved > 0)
                wanted.Add(DcconvKey(n));
        }
        if (!state.Keys.ToHashSet().SetEquals(wanted))
            throw new ArgumentException(
                $"state has the keys [{string.Join(", ", state.Keys.Order())}]; {EncoderContext.Layers.Count} layers after {frames} frames, with "
                + $"{DynChunkTrainConfig}, have [{string.Join(", ", wanted.Order())}].", nameof(state));
        var first = state.FirstOrDefault(entry => entry.Key != "frames").Value;
        foreach (var (key, tensor) in state.Where(entry => entry.Key != "frames"))
        {
            long size = key.EndsWith("mha_left_context", StringComparison.Ordinal) ? attended : convolved;
            if (tensor.dim() != 3 || !tensor.shape.AsSpan().SequenceEqual([first.size(0), size, dModel]) || tensor.dtype != first.dtype)
                throw new ArgumentException(
                    $"{key} is {Require.Describe(tensor)}; with {DynChunkTrainConfig} after {frames} frames it must be [batch, {size}, {dModel}], of "
                    + "the same batch and type as the others.", nameof(state));
        }

        foreach (var (n, layer) in EncoderContext.Layers.Index())
            layer.Advance(new(attended > 0 ? Copy(MhaKey(n)) : null, Memory: null, convolved > 0 ? Copy(DcconvKey(n)) : null));
        EncoderContext.Frames = frames;

        Tensor Copy(string key) => state[key].detach().clone();
    }

    private static string MhaKey(int layer) => $"layers.{layer}.mha_left_context";

    private static string DcconvKey(int layer) => $"layers.{layer}.dcconv_left_context";
}
