using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

using var speed = new SpeedPerturb(16000, [95, 100, 105]);
using var fbank = new Fbank(nFft: 512, nMels: 80, winLength: 32);
using var normalize = new InputNormalization();
using var model = new ConformerTransducer(new() { OutputNeurons = 29, NumEncoderLayers = 2, DModel = 144, NHead = 4, DFfn = 576 });
using var optimizer = optim.AdamW(model.parameters(), lr: 1e-3);
using var generator = new Generator(1986);

for (int step = 1; step <= 3; step++)
{
    using var scope = NewDisposeScope();
    // Your speech here: [batch, time] at 16 kHz with the samples of each; labels [batch, labels], padded with 0, the blank.
    Tensor waves = randn(2, 16000, generator: generator) * 0.1, tokens = tensor(new long[] { 3, 1, 4, 1, 5, 0 }, [2, 3]);
    long[] waveLengths = [16000, 12000], tokenLengths = [3, 2];

    var (augmented, lengths, relative) = speed.Apply(waves, waveLengths, speed.Sample(generator, waves.size(0)));
    var features = normalize.call(fbank.call(augmented), relative);     // [batch, frames, 80]
    long[] frames = [.. lengths.Select(samples => samples / 160 + 1)];  // one every 10 ms
    var encoded = model.Encode(features, tensor(frames), new(16, 4));   // chunks of 16 frames see 4 chunks to the left
    var loss = model.Loss(encoded, model.EncodedLengths(frames), tokens, tokenLengths).Total;  // 0.7 RNN-T + 0.3 CTC
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    Console.WriteLine($"step {step}: loss {loss.item<float>():0.00}");
}
