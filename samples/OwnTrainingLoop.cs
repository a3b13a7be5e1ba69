#:project ../SpeechBrain.Sharp/SpeechBrain.Sharp.csproj
#:property TorchReference=runnable
#:property PublishAot=false

// Masks and a Conformer in a training loop of your own: your modules, your optimizer, your loss.
//
//     dotnet run -c Release samples/OwnTrainingLoop.cs
//
// The toy task: each frame says one of four classes, and the answer for a frame is the class of the frame two before it. A frame alone does not know
// that, so the encoder must learn to look around, within the chunks that the mask allows and never into padding.

using SpeechBrain.Sharp;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

const int Classes = 4, Width = 32, Batch = 8, Time = 24, Steps = 40;
set_num_threads(1);
manual_seed(1); // initialisation and dropout

using var inputLayer = Linear(Classes, Width);
using var positions = new RelPosEncXL(Width);
using var encoder = new ConformerEncoder(numLayers: 1, dModel: Width, dFfn: 64, nhead: 4, kernelSize: 5, dropout: 0);
using var outputLayer = Linear(Width, Classes);
using var optimizer = optim.AdamW([.. inputLayer.parameters(), .. encoder.parameters(), .. outputLayer.parameters()], lr: 1e-2);
using var generator = new Generator(1986);
var chunks = new DynChunkTrainConfig(8, 1); // a frame sees its chunk of 8 frames and 1 chunk to its left, so the encoder can stream

for (int step = 1; step <= Steps; step++)
{
    using var scope = NewDisposeScope(); // frees what the step makes; parameters and their gradients stay
    var classes = randint(0, Classes, [Batch, Time], generator: generator);
    long[] lengths = [.. Enumerable.Range(0, Batch).Select(i => (long)Time - 2 * i)];
    var answers = cat([classes.narrow(1, 0, 2), classes.narrow(1, 0, Time - 2)], dim: 1);
    var valid = Functional.LengthToMask(tensor(lengths), maxLen: Time, dtype: ScalarType.Bool); // [batch, time], True = a frame of an utterance

    var features = inputLayer.call(functional.one_hot(classes, Classes).to(float32)); // [batch, time, width]
    var masks = Functional.MakeTransformerSrcTgtMasks( // True = masked
        features, wavLen: tensor(lengths.Select(length => (float)length / Time).ToArray()), dynChunkTrainConfig: chunks, cache: MaskCache.Shared);
    var encoded = encoder.call(features, masks.SrcMask, masks.SrcKeyPaddingMask, positions.call(features), chunks, null);
    var scores = outputLayer.call(encoded);

    var loss = functional.cross_entropy(scores[valid], answers[valid]); // padding does not count
    optimizer.zero_grad();
    loss.backward();
    nn.utils.clip_grad_norm_(encoder.parameters(), max_norm: 5);
    optimizer.step();

    if (step % 10 == 0)
    {
        double right = scores[valid].argmax(-1).eq(answers[valid]).to(float32).mean().item<float>();
        Console.WriteLine(FormattableString.Invariant($"step {step,3}   loss {loss.item<float>():0.000}   right {right:0.0 %}"));
    }
}
