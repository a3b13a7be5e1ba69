#:project ../SpeechBrain.Sharp/SpeechBrain.Sharp.csproj
#:property TorchReference=runnable
#:property PublishAot=false

// The RNN-T loss learns three words by heart: it falls to zero, and greedy search reads the words from what was learnt.
//
//     dotnet run -c Release samples/TransducerToy.cs

using SpeechBrain.Sharp;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

const string Letters = "-adeginrstu"; // 0 is blank
const int Width = 32, Frames = 12, Steps = 160;
string[] words = ["training", "sung", "tared"];
set_num_threads(1);
manual_seed(1); // initialisation

// Labels [batch, longest] with blanks behind the end, and the lengths of words and utterances: absolute, on the host.
int longest = words.Max(word => word.Length);
var padded = words.SelectMany(word => word.PadRight(longest, '-'));
using var labels = tensor(padded.Select(letter => (long)Letters.IndexOf(letter)).ToArray(), [words.Length, longest]);
using var labelLengths = tensor(words.Select(word => (long)word.Length).ToArray());
using var frames = tensor(new long[] { Frames, Frames - 2, Frames - 3 });

// The encoder of a toy is a table: a vector for each frame of each utterance. Predictor, joint and output are those of a real transducer.
using var encoded = new TorchSharp.Modules.Parameter(randn(words.Length, Frames, Width).mul_(0.1));
using var embedding = new Embedding(Letters.Length, Width);
using var predictor = new Lstm(Width, Width);
using var joint = new TransducerJoint();
using var output = Linear(Width, Letters.Length);
using var loss = new TransducerLoss(blankIndex: 0);
using var optimizer = optim.AdamW([encoded, .. embedding.parameters(), .. predictor.parameters(), .. output.parameters()], lr: 5e-2);

for (int step = 1; step <= Steps; step++)
{
    using var scope = NewDisposeScope();
    var begun = cat([zeros([words.Length, 1], int64), labels], dim: 1); // the predictor sees a blank first
    var predicted = predictor.call(embedding.call(begun)).Output; // [batch, U + 1, width]
    var logits = output.call(joint.call(encoded.unsqueeze(2), predicted.unsqueeze(1))); // [batch, T, U + 1, V]
    var value = loss.call(logits, labels, frames, labelLengths);
    optimizer.zero_grad();
    value.backward();
    optimizer.step();
    if (step % 40 == 0)
        Console.WriteLine(FormattableString.Invariant($"step {step,3}   loss {value.item<float>():0.00000}"));
}

// Greedy search knows nothing of the words, only what was learnt.
using var projection = Identity();
using var noGradient = no_grad();
var searcher = new TransducerGreedySearcher(embedding, predictor, projection, joint, output);
foreach (var (word, heard) in words.Zip(searcher.Search(encoded, frames.data<long>().ToArray())))
    Console.WriteLine($"{word,-9} heard as {string.Concat(heard.Tokens.Select(token => Letters[token]))}");
