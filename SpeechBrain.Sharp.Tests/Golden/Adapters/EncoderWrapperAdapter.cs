using SpeechBrain.Sharp.Conformer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>
/// <c>speechbrain.lobes.models.transformer.TransformerASR.EncoderWrapper</c>: whole, in chunks and streamed; its leak of padding included.
/// </summary>
public sealed class EncoderWrapperAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.lobes.models.transformer.TransformerASR.EncoderWrapper";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var k = c.Constructor;
        foreach (string decoders in (string[])["tgt_vocab", "num_decoder_layers", "activation"])
            k.Find(decoders)?.Ignore("it belongs to the decoder, which a transducer does not have");
        k.Expect("encoder_module", "conformer");
        if (!k.Bool("normalize_before"))
            throw new GoldenException("SpeechBrain's Conformer is made with normalize_before alone");
        bool absolute = k.Find("positional_encoding") is not { } encoding || (!encoding.IsNull && encoding.AsString() == "fixed_abs_sine");
        var transformer = new TransformerASR(
            k.Long("input_size"), k.Long("d_model", 512), k.Long("nhead", 8), k.Long("num_encoder_layers", 6), k.Long("d_ffn", 2048),
            k.Double("dropout", 0.1), absolute, k.Long("kernel_size", 31), k.Bool("bias", true),
            Activation.Parse(k.String("conformer_activation", "Swish")), ConformerArguments.Attention(c, "regularMHA"), k.Long("max_length", 2500),
            k.Bool("causal", true), k.Double("layerdrop_prob", 0), speechBrainCompatible: true);
        c.LoadWeights(transformer);
        using var encoder = new EncoderWrapper(transformer).to(c.Device);
        encoder.eval();

        Tensor x = c.Input("x"), lengths = c.Input("wav_len");
        var chunks = ConformerArguments.Chunks(c) ?? throw new GoldenException("the case has no chunks to stream");
        check.Output("out.full", encoder.call(x, lengths));
        check.Output("out.chunked", encoder.call(x, lengths, chunks));
        var whole = encoder.call(x, null, chunks);
        check.Output("out.chunked_nolen", whole);

        using var context = encoder.MakeStreamingContext(chunks);
        var streamed = cat(
            [.. Enumerable.Range(0, c.Call.Int("chunks")).Select(n => encoder.ForwardStreaming(
                x.narrow(1, n * chunks.ChunkSize, chunks.ChunkSize), context))], 1);
        check.Output("out.streamed", streamed);
        // SpeechBrain's two ways differ by rounding, and so must ours.
        double theirs = c.Data["max_abs_streamed_minus_chunked"].AsDouble(), ours = (streamed - whole).abs().max().item<float>();
        if (ours > Math.Max(10 * theirs, c.AbsoluteTolerance))
            check.Fail($"streamed and chunked differ by {ours}, in SpeechBrain by {theirs}");
        var first = context.EncoderContext.Layers[0];
        check.Output("out.ctx_mha_left", first.MhaLeftContext ?? throw new GoldenException("the attention keeps no frames"));
        check.Output("out.ctx_conv_left", first.DcconvLeftContext ?? throw new GoldenException("the convolution keeps no frames"));
    }
}
