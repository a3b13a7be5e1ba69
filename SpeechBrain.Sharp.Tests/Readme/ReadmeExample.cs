using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Readme;

/// <summary>The README's example: what stands between the two markers is the code block there, word for word (see <see cref="ReadmeTests"/>).</summary>
internal static class ReadmeExample
{
    /// <summary>One step of training; returns the loss.</summary>
    internal static float Run(Tensor waves, long[] waveLengths, Tensor tokens, long[] tokenLengths)
    {
        // README
        using var speed = new SpeedPerturb(16000, [95, 100, 105]);
        using var fbank = new Fbank(nFft: 512, nMels: 80, winLength: 32);
        using var normalize = new InputNormalization();
        using var model = new ConformerTransducer(new() { OutputNeurons = 29, NumEncoderLayers = 2, DModel = 144, NHead = 4, DFfn = 576 });
        using var generator = new Generator(1986);
        using var optimizer = optim.AdamW(model.parameters(), lr: 1e-3);

        using var scope = NewDisposeScope();
        var (augmented, lengths, relative) = speed.Apply(waves, waveLengths, speed.Sample(generator, waves.size(0)));
        var features = normalize.call(fbank.call(augmented), relative);     // [batch, frames, 80]
        long[] frames = [.. lengths.Select(samples => samples / 160 + 1)];  // one every 10 ms
        var encoded = model.Encode(features, tensor(frames), new(16, 4));   // chunks of 16 frames see 4 chunks to the left
        var loss = model.Loss(encoded, model.EncodedLengths(frames), tokens, tokenLengths).Total;  // 0.7 RNN-T + 0.3 CTC
        loss.backward();
        optimizer.step();
        // README
        return loss.item<float>();
    }
}
