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
    private const double ShortestSeconds = 0.05;   // less, at twice the speed, leaves no frame behind the front end
    private const string ModelFile = "model.safetensors", NormalizerFile = "normalizer.safetensors";

    private readonly Fbank fbank = new(nFft: 512, nMels: 80, winLength: 32);            // 25 ms would do; SpeechBrain's recipe has 32
    private readonly InputNormalization normalize = new(updateUntilEpoch: 4);           // statistics of the first three epochs
    private readonly RecognizerSizes sizes;
    private readonly DynChunkTrainConfig? chunks;
    private readonly Device device;

    /// <param name="sizes">of the model</param>
    /// <param name="device">where it is to be</param>
    /// <param name="dropout">while training</param>
    /// <param name="ctcWeight">while training</param>
    internal Recognizer(RecognizerSizes sizes, Device device, double dropout = 0, double ctcWeight = 0)
    {
        this.sizes = sizes;
        this.device = device;
        Tokenizer = new CharacterTokenizer(sizes.Alphabet);
        chunks = sizes.ChunkSize > 0 ? new DynChunkTrainConfig(sizes.ChunkSize) : null;
        Model = new ConformerTransducer(new ConformerTransducerOptions
        {
            OutputNeurons = Tokenizer.VocabularySize,
            BlankIndex = CharacterTokenizer.BlankId,
            DModel = sizes.ModelDim,
            NHead = sizes.AttentionHeads,
            NumEncoderLayers = sizes.EncoderLayers,
            DFfn = 4 * sizes.ModelDim,
            JointDim = sizes.JointDim,
            DecDim = sizes.JointDim,
            AttentionType = AttentionType.RelPosMHAXL,
            FrontEndDropout = dropout,
            Dropout = dropout,
            DecEmbDropout = dropout,
            DecDropout = dropout,
            CtcWeight = ctcWeight,
        });
        fbank.to(device);
        Model.to(device);
    }

    internal ConformerTransducer Model { get; }

    internal CharacterTokenizer Tokenizer { get; }

    internal void Train(bool training)
    {
        Model.train(training);
        normalize.train(training);
    }

    /// <summary>Refuses audio that is too short for the model.</summary>
    internal static void RequireDuration(AudioData audio, string file)
    {
        if (audio.Duration < ShortestSeconds)
            throw new UserException(FormattableString.Invariant(
                $"'{file}' lasts {audio.Duration:F3} s; at least {ShortestSeconds} s are needed to recognise anything. Leave it out."));
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
    /// <param name="data">the utterances</param>
    /// <param name="progress">shows how far it is</param>
    /// <param name="what">which utterances they are, for that</param>
    /// <param name="beamSize">1: greedy search</param>
    internal ErrorRateStats Evaluate(SpeechDataset data, ProgressLine progress, string what, int beamSize = 1)
    {
        var errors = new ErrorRateStats();
        var batches = new BatchSampler([.. data.Utterances.Select(utterance => utterance.Duration)], EvaluationBatch, shuffle: false).Batches(0);
        foreach (var (number, indices) in batches.Index())
        {
            progress.Show(number, batches.Count, $"recognising the {what} utterances");
            using var scope = NewDisposeScope();
            using var host = data.Load(indices);
            using var batch = host.ToDevice(device);
            foreach (var (index, text) in indices.Zip(Transcribe(batch, beamSize)))
                errors.Append(data.Utterances[index].Id, Words(text), Words(data.Utterances[index].Transcript));
        }

        return errors;
    }

    /// <summary>The text of each utterance of a batch that lies on the model's device.</summary>
    internal IReadOnlyList<string> Transcribe(PaddedBatch batch, int beamSize)
    {
        Train(false);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var frames = Frames(batch.WaveLengths);
        var encoded = Encode(Features(batch.Waves, batch.WaveLengths), frames);   // [batch, T', joint]
        var encodedFrames = Model.EncodedLengths(frames);
        var heard = beamSize == 1
            ? TransducerGreedySearcher.For(Model).Search(encoded, encodedFrames).Select(hypothesis => hypothesis.Tokens)
            : TransducerBeamSearcher.For(Model, new() { BeamSize = beamSize }).Search(encoded, encodedFrames).Select(best => best[0].Tokens);
        return [.. heard.Select(tokens => Tokenizer.Decode(tokens.Select(token => (long)token)))];
    }

    /// <summary>Writes model.safetensors and normalizer.safetensors, each complete or not at all.</summary>
    internal void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        using var scope = NewDisposeScope();
        Safetensors.Save(Path.Combine(folder, NormalizerFile), normalize.StatisticsDict());
        Safetensors.Save(Path.Combine(folder, ModelFile), Model.state_dict(), sizes.Metadata());
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal static Recognizer Load(string folder, Device device)
    {
        var file = Path.Combine(folder, ModelFile);
        if (!File.Exists(file))
            throw new UserException($"There is no model in '{folder}' ({ModelFile} is missing); 'train' makes one, --model names another folder.");
        RecognizerSizes sizes;
        using (var header = new SafetensorsFile(file))
            sizes = RecognizerSizes.From(header.Metadata, file);
        Recognizer? recognizer = null;
        try
        {
            recognizer = new Recognizer(sizes, device);
            using var scope = NewDisposeScope();
            recognizer.Model.load_state_dict(Safetensors.Load(file));
            recognizer.normalize.LoadStatisticsDict(Safetensors.Load(Path.Combine(folder, NormalizerFile), device));
            return recognizer;
        }
        catch (Exception e)
        {
            recognizer?.Dispose();
            if (e is InvalidOperationException or ArgumentException)
                throw new UserException($"The weights in '{folder}' are not those of one model: {e.Message}", e);
            throw;
        }
    }

    public void Dispose()
    {
        Model.Dispose();
        normalize.Dispose();
        fbank.Dispose();
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
