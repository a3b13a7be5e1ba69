using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>The whole recipe, small: waveform to features, encoder, logits, losses and gradients, whole and in chunks.</summary>
public sealed class TinyRecipeAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "recipes/LibriSpeech/ASR/transducer, small";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var k = c.Constructor;
        k.Expect("transducer_loss", "torchaudio mean");
        foreach (string name in (string[])["samples", "wav_len", "tokens", "tok_len"])
            k[name].Ignore("the inputs were made from it");
        using var model = new ConformerTransducer(new()
        {
            OutputNeurons = k.Long("V"),
            DModel = k.Long("D"),
            JointDim = k.Long("J"),
            DecDim = k.Long("H"),
            NMels = k.Long("n_mels"),
            FrontEndChannels = k.Longs("channels"),
            NHead = k.Long("nhead"),
            NumEncoderLayers = 2,
            DFfn = k.Long("ffn"),
            KernelSize = k.Long("K"),
            AttentionType = Enum.Parse<AttentionType>(k.String("attention")),
            MaxLength = 40,
            CtcWeight = k.Double("ctc_weight"),
            SpeechBrainCompatible = true,
        });
        model.to(c.Device);
        model.eval();
        c.LoadWeights(model);

        var (wavs, lengths, tokens, tokenLengths) = (c.Input("wav"), c.Input("wav_len"), c.Input("tokens"), c.Input("tok_len"));
        using var fbank = new Fbank(sampleRate: 16000, nFft: 512, nMels: model.Options.NMels, winLength: 32).to(c.Device);
        using var normalize = new InputNormalization(updateUntilEpoch: 4);
        normalize.train();
        var features = fbank.call(wavs)!;
        check.Output("out.feats", features, 0, 0.02);
        var normalized = normalize.call(features, lengths, 1)!;
        check.Output("out.feats_norm", normalized);
        var withBos = model.WithBos(tokens);
        if (TensorComparison.Difference(c.Input("tokens_bos"), withBos, 0, 0) is { } difference)
            check.Fail($"WithBos {difference}");

        foreach (var (tag, chunks) in (((string, DynChunkTrainConfig?)[])[("full", null), ("chunk", new(k.Longs("chunk")[0], k.Longs("chunk")[1]))]))
        {
            model.zero_grad();
            var source = model.FrontEnd.call(normalized);
            check.Output($"out.{tag}_cnn", source);
            check.Output($"out.{tag}_enc", model.Encoder.call(source, lengths, chunks));
            var encoded = model.Encode(normalized, lengths, chunks);
            check.Output($"out.{tag}_logits", model.Joint(encoded, model.Predict(withBos)));
            var losses = model.Loss(encoded, lengths, tokens, tokenLengths);
            check.Output($"out.{tag}_loss_rnnt", losses.Transducer);
            check.Output($"out.{tag}_loss_ctc", losses.Ctc!);
            check.Output($"out.{tag}_loss", losses.Total);
            losses.Total.backward();
            Gradients(model, tag, c, check);
        }
    }

    private static void Gradients(ConformerTransducer model, string tag, GoldenCase c, GoldenCheck check)
    {
        var gradients = new Dictionary<string, Tensor>();
        foreach (var (name, parameter) in model.named_parameters())
            if (parameter.grad is { } gradient)
                gradients.Add(name, gradient);
        check.Output($"out.{tag}_grad_norm", stack(gradients.Values.Select(g => g.norm())).norm());
        string prefix = $"grad.{tag}.";
        foreach (string name in c.Names(prefix))
        {
            if (gradients.TryGetValue(name[prefix.Length..], out var gradient))
                check.Output(name, gradient);
            else
                check.Fail($"{name}: the model has no gradient of that parameter");
        }
    }
}
