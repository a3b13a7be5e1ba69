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
    private const string ModelFile = "model.safetensors", NormalizerFile = "normalizer.safetensors", TokenizerFile = "tokenizer.model";

    private readonly Fbank fbank;
    private readonly RecognizerSizes sizes;
    private readonly Device device;
    private readonly string? tokenizerFile;

    /// <param name="sizes">of features and model</param>
    /// <param name="tokenizer">cuts text into tokens</param>
    /// <param name="device">where it is to be</param>
    /// <param name="tokenizerFile">where the tokenizer is from, if it is from a file</param>
    /// <param name="ctcWeight">while training</param>
    internal Recognizer(RecognizerSizes sizes, ITokenizer tokenizer, Device device, string? tokenizerFile = null, double ctcWeight = 0)
    {
        if (sizes.Model.OutputNeurons < tokenizer.VocabularySize)
            throw new UserException($"output_neurons is {sizes.Model.OutputNeurons}, and the tokenizer ({tokenizerFile ?? "characters"}) has "
                + $"{tokenizer.VocabularySize} tokens; leave output_neurons out, or take another --tokenizer-file.");
        (this.sizes, this.device, this.tokenizerFile, Tokenizer) = (sizes, device, tokenizerFile, tokenizer);
        var features = sizes.Features;
        fbank = new Fbank(sampleRate: features.SampleRate, nFft: features.NFft, nMels: features.NMels, winLength: features.WinLength);
        Normalizer = new(updateUntilEpoch: features.UpdateUntilEpoch == 0 ? null : features.UpdateUntilEpoch);
        Model = new ConformerTransducer(sizes.Model.Options(features.NMels, tokenizer.VocabularySize, ctcWeight));
        TestChunks = sizes.ChunkSize > 0 ? new DynChunkTrainConfig(sizes.ChunkSize) : null;
        fbank.to(device);
        Model.to(device);
    }

    internal ConformerTransducer Model { get; }

    internal InputNormalization Normalizer { get; }

    internal ITokenizer Tokenizer { get; }

    /// <summary>Hz.</summary>
    internal int SampleRate => sizes.Features.SampleRate;

    /// <summary>Chunks when it is used; null: none.</summary>
    internal DynChunkTrainConfig? TestChunks { get; }

    internal void Train(bool training)
    {
        Model.train(training);
        Normalizer.train(training);
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
        return Normalizer.call(fbank.Apply(waves, lengths: lengths), fbank.FrameCounts(lengths), epoch).MoveToOuterDisposeScope();
    }

    /// <summary>Feature frames of waveforms: one every 10 ms, the first at 0.</summary>
    internal long[] Frames(long[] samples) => fbank.FrameCounts(samples);

    internal Tensor Encode(Tensor features, long[] frames, DynChunkTrainConfig? chunks) =>
        Model.Encode(features, tensor(frames, device: device), chunks);

    /// <summary>
    /// Makes the masks that <see cref="Encode"/> makes inside, only to time them: the attention mask of the chunks and the padding mask, in the
    /// form that the attention adds to its scores.
    /// </summary>
    internal void MakeMasks(Tensor features, long[] frames, DynChunkTrainConfig? chunks)
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
        var encoded = Encode(Features(batch.Waves, batch.WaveLengths), frames, TestChunks);   // [batch, T', joint]
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
        Safetensors.Save(Path.Combine(folder, NormalizerFile), Normalizer.StatisticsDict());
        Safetensors.Save(Path.Combine(folder, ModelFile), Model.state_dict(), sizes.Metadata(Tokenizer));
        if (tokenizerFile is not null)
            AtomicFile.Write(Path.Combine(folder, TokenizerFile), temporary => File.Copy(tokenizerFile, temporary, overwrite: true));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal static Recognizer Load(string folder, Device device)
    {
        var file = Path.Combine(folder, ModelFile);
        if (!File.Exists(file))
            throw new UserException($"There is no model in '{folder}' ({ModelFile} is missing); 'train' makes one, --model names another folder.");
        RecognizerSizes sizes;
        string? alphabet;
        using (var header = new SafetensorsFile(file))
            (sizes, alphabet) = RecognizerSizes.From(header.Metadata, file);
        string tokenizerFile = Path.Combine(folder, TokenizerFile);
        Recognizer? recognizer = null;
        try
        {
            ITokenizer tokenizer = alphabet is null ? new SentencePieceTokenizer(tokenizerFile) : new CharacterTokenizer(alphabet);
            recognizer = new Recognizer(sizes, tokenizer, device, alphabet is null ? tokenizerFile : null);
            using var scope = NewDisposeScope();
            recognizer.Model.load_state_dict(Safetensors.Load(file));
            recognizer.Normalizer.LoadStatisticsDict(Safetensors.Load(Path.Combine(folder, NormalizerFile), device));
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
        Normalizer.Dispose();
        fbank.Dispose();
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
