using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Decoding;

/// <summary>
/// The whole chain on real speech: audio, tokens, features, Conformer, both losses, optimizer, greedy search, word error rate. A tiny model learns
/// eight utterances of LibriSpeech by heart.
/// </summary>
[TestFixture]
public sealed class RealSpeechByHeartTests
{
    private const int Mels = 40, MaxEpochs = 200;

    /// <summary>
    /// For so many epochs the CTC loss alone. It is cheap, having no joint network, and makes the encoder say each character where it is heard. A model
    /// trained with the transducer loss from the beginning knows the texts as soon, by its predictor; but since the loss does not care in which frame a
    /// character comes, blank stays the likeliest output of every frame, and greedy search hears nothing.
    /// </summary>
    private const int CtcEpochs = 60;

    private readonly CharacterTokenizer tokenizer = new();

    private sealed record Example(Utterance Utterance, Tensor Features, long[] Frames, Tensor Tokens, long[] TokenLengths);

    [Test]
    public void ATinyModelOverfitsToNoError()
    {
        var utterances = new LibriSpeechCorpus(SharedData.Require("LibriSpeech")).Read("dev-clean");
        Assert.That(utterances, Has.Count.EqualTo(8));
        int threads = get_num_threads();
        set_num_threads(1); // sums in one order, so that every run on a machine is the same
        try
        {
            using var scope = NewDisposeScope();
            random.manual_seed(1);
            using var model = TinyModel();
            var examples = Examples(utterances);
            var errors = new ErrorRateStats();
            int epoch = Train(model, examples, () => (errors = Recognize(model, examples)).Summarize().Edits == 0);
            TestContext.Progress.WriteLine($"after {epoch} epochs: {errors.Summarize()}");
            Assert.That(errors.Summarize().ToString(), Is.EqualTo("%WER 0.00 [ 0 / 151, 0 ins, 0 del, 0 sub ]"));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private ConformerTransducer TinyModel() => new(new()
    {
        NMels = Mels,
        OutputNeurons = tokenizer.VocabularySize,
        BlankIndex = CharacterTokenizer.BlankId,
        FrontEndChannels = [8, 8],
        DModel = 96,
        NHead = 2,
        NumEncoderLayers = 1,
        DFfn = 192,
        KernelSize = 15,
        AttentionType = AttentionType.RelPosMHAXL,
        JointDim = 64,
        JointActivation = Activation.Tanh,
        DecDim = 128,
        FrontEndDropout = 0,
        Dropout = 0,
        DecEmbDropout = 0,
        DecDropout = 0,
    });

    private Example[] Examples(IEnumerable<Utterance> utterances)
    {
        using var fbank = new Fbank(nFft: 512, nMels: Mels, winLength: 32);
        using var normalize = new InputNormalization(normType: NormType.Sentence);
        return
        [
            .. utterances.Select(utterance =>
            {
                using var batch = PaddedBatch.Collate(
                    [(utterance.Id, AudioFile.ReadMono(utterance.Path).Samples, tokenizer.Encode(utterance.Transcript))]);
                var features = normalize.call(fbank.call(batch.Waves));
                return new Example(utterance, features, [features.size(1)], batch.Tokens.clone(), batch.TokenLengths);
            }),
        ];
    }

    /// <summary>Trains an utterance a step until all is known, and gives the number of epochs.</summary>
    private static int Train(ConformerTransducer model, Example[] examples, Func<bool> allIsKnown)
    {
        var weights = model.parameters().Where(p => p.requires_grad).ToArray();
        using var optimizer = optim.AdamW(weights, beta2: 0.98);
        var order = new Random(1);
        int steps = 0;
        for (int epoch = 1; epoch <= MaxEpochs; epoch++)
        {
            if (epoch == CtcEpochs + 1)
                BeginWithWhatCtcKnows(model);
            model.train();
            order.Shuffle(examples);
            foreach (var example in examples)
            {
                using var scope = NewDisposeScope();
                double rate = 6e-3 * Math.Min(++steps / 40.0, Math.Max(0.3, 1 - 0.7 * epoch / 100));
                foreach (var group in optimizer.ParamGroups)
                    group.LearningRate = rate;
                var encoded = model.Encode(example.Features, tensor(example.Frames));
                long[] frames = model.EncodedLengths(example.Frames);
                var loss = epoch <= CtcEpochs
                    ? Functional.CtcLoss(model.CtcLogits(encoded).log_softmax(-1), example.Tokens, frames, example.TokenLengths, 0, LossReduction.BatchMean)
                    : model.Loss(encoded, frames, example.Tokens, example.TokenLengths).Total;
                loss.backward();
                nn.utils.clip_grad_norm_(weights.Where(p => p.grad is not null), 5);
                optimizer.step();
                optimizer.zero_grad();
            }
            if (epoch > CtcEpochs && epoch % 5 == 0 && allIsKnown())
                return epoch;
        }
        return MaxEpochs;
    }

    /// <summary>The output layer takes over the CTC head's weights, and the predictor begins with little to say.</summary>
    private static void BeginWithWhatCtcKnows(ConformerTransducer model)
    {
        using var noGrad = no_grad();
        var weights = model.state_dict();
        weights["7.w.weight"].copy_(weights["6.w.weight"]);
        weights["5.w.weight"].mul_(0.2);
    }

    private ErrorRateStats Recognize(ConformerTransducer model, Example[] examples)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        model.eval();
        var searcher = TransducerGreedySearcher.For(model);
        var errors = new ErrorRateStats();
        foreach (var example in examples)
        {
            var heard = searcher.Search(model.Encode(example.Features, tensor(example.Frames)), model.EncodedLengths(example.Frames))[0];
            errors.Append(example.Utterance.Id, tokenizer.Decode(heard.Tokens.Select(token => (long)token)), example.Utterance.Transcript);
        }
        return errors;
    }
}
