using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>From waveforms to text: features, their normalisation, the Conformer-Transducer, greedy search.</summary>
internal sealed class Recognizer : IDisposable
{
    private const int EvaluationBatch = 8;

    private readonly Fbank fbank = new(nFft: 512, nMels: 80, winLength: 32);            // 25 ms would do; SpeechBrain's recipe has 32
    private readonly InputNormalization normalize = new(updateUntilEpoch: 4);           // statistics of the first three epochs
    private readonly CharacterTokenizer tokenizer;
    private readonly DynChunkTrainConfig? chunks;
    private readonly Device device;

    internal Recognizer(TrainingOptions options, CharacterTokenizer tokenizer, Device device)
    {
        this.tokenizer = tokenizer;
        this.device = device;
        chunks = options.ChunkSize > 0 ? new DynChunkTrainConfig(options.ChunkSize) : null;
        Model = new ConformerTransducer(new ConformerTransducerOptions
        {
            OutputNeurons = tokenizer.VocabularySize,
            BlankIndex = CharacterTokenizer.BlankId,
            DModel = options.ModelDim,
            NHead = options.AttentionHeads,
            NumEncoderLayers = options.EncoderLayers,
            DFfn = 4 * options.ModelDim,
            JointDim = options.JointDim,
            DecDim = options.JointDim,
            AttentionType = AttentionType.RelPosMHAXL,
            FrontEndDropout = options.Dropout,
            Dropout = options.Dropout,
            DecEmbDropout = options.Dropout,
            DecDropout = options.Dropout,
            CtcWeight = options.CtcWeight,
        });
        fbank.to(device);
        Model.to(device);
    }

    internal ConformerTransducer Model { get; }

    internal void Train(bool training)
    {
        Model.train(training);
        normalize.train(training);
    }

    /// <summary>Normalised features of waveforms.</summary>
    /// <param name="waves"><c>[batch, time]</c></param>
    /// <param name="samples">their lengths; what lies behind them does not matter</param>
    /// <param name="epoch">from 1; null when evaluating</param>
    /// <returns><c>[batch, frames, 80]</c></returns>
    internal Tensor Features(Tensor waves, long[] samples, long? epoch = null)
    {
        using var scope = NewDisposeScope();
        var lengths = tensor(samples, device: device);
        return normalize.call(fbank.Apply(waves, lengths: lengths), fbank.FrameCounts(lengths), epoch).MoveToOuterDisposeScope();
    }

    /// <summary>Feature frames of waveforms: one every 10 ms, the first at 0.</summary>
    internal long[] Frames(long[] samples) => fbank.FrameCounts(samples);

    internal Tensor Encode(Tensor features, long[] frames) => Model.Encode(features, tensor(frames, device: device), chunks);

    /// <summary>
    /// Makes the masks that <see cref="Encode"/> makes inside, only to time them: the attention mask of the chunks and the padding mask, in the
    /// form that the attention adds to its scores.
    /// </summary>
    internal void MakeMasks(Tensor features, long[] frames)
    {
        var encoded = Model.EncodedLengths([features.shape[1], .. frames]);
        using var source = empty(features.shape[0], encoded[0], 1, device: device);
        var attention = Functional.MakeTransformerSrcMask(source, dynChunkTrainConfig: chunks);
        var padding = Functional.GetMaskFromLengths(tensor(encoded[1..], device: device), encoded[0]);
        AttentionMask.From(attention, padding);
    }

    /// <summary>Recognises every utterance and counts the word errors.</summary>
    internal ErrorRateStats Evaluate(SpeechDataset data, ProgressLine progress, string what)
    {
        Train(false);
        using var noGradient = no_grad();
        var searcher = new TransducerGreedySearcher(
            Model.Embedding, Model.Decoder, Model.DecoderProjection, Model.JointNetwork, Model.OutputLayer, CharacterTokenizer.BlankId);
        var errors = new ErrorRateStats();
        var batches = new BatchSampler([.. data.Utterances.Select(utterance => utterance.Duration)], EvaluationBatch, shuffle: false).Batches(0);
        foreach (var (number, indices) in batches.Index())
        {
            progress.Show(number, batches.Count, $"recognising the {what} utterances");
            using var scope = NewDisposeScope();
            using var host = data.Load(indices);
            using var batch = host.ToDevice(device);
            var frames = Frames(batch.WaveLengths);
            var encoded = Encode(Features(batch.Waves, batch.WaveLengths), frames);   // [batch, T', joint]
            foreach (var (index, heard) in indices.Zip(searcher.Search(encoded, Model.EncodedLengths(frames))))
            {
                var (said, text) = (data.Utterances[index], tokenizer.Decode(heard.Tokens.Select(token => (long)token)));
                errors.Append(said.Id, Words(text), Words(said.Transcript));
            }
        }

        return errors;
    }

    /// <summary>Writes model.safetensors and normalizer.safetensors, each complete or not at all.</summary>
    internal void Save(string folder, TrainingOptions options)
    {
        Directory.CreateDirectory(folder);
        using var scope = NewDisposeScope();
        Safetensors.Save(Path.Combine(folder, "normalizer.safetensors"), normalize.StatisticsDict());
        Safetensors.Save(Path.Combine(folder, "model.safetensors"), Model.state_dict(), new Dictionary<string, string>
        {
            // All that is needed to make the model again.
            ["alphabet"] = tokenizer.Alphabet,
            ["model-dim"] = $"{options.ModelDim}",
            ["encoder-layers"] = $"{options.EncoderLayers}",
            ["attention-heads"] = $"{options.AttentionHeads}",
            ["joint-dim"] = $"{options.JointDim}",
            ["chunk-size"] = $"{options.ChunkSize}",
        });
    }

    public void Dispose()
    {
        Model.Dispose();
        normalize.Dispose();
        fbank.Dispose();
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
