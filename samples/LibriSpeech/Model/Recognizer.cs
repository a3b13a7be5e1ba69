using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>From waveforms to text: features, their normalisation, the Conformer-Transducer, a search, the tokenizer.</summary>
internal sealed class Recognizer : IDisposable
{
    internal const double ShortestSeconds = 0.05;   // less, at twice the speed, leaves no frame behind the front end

    private readonly Fbank fbank;
    private readonly Device device;

    /// <param name="features">how audio becomes features</param>
    /// <param name="model">sizes of the model</param>
    /// <param name="tokenizer">cuts text into tokens, as many as the model has outputs, or fewer</param>
    /// <param name="device">where it is to be</param>
    internal Recognizer(FeatureRecipe features, ConformerTransducerOptions model, ITokenizer tokenizer, Device device)
    {
        (FeatureRecipe, Tokenizer, this.device) = (features, tokenizer, device);
        fbank = new Fbank(sampleRate: features.SampleRate, nFft: features.NFft, nMels: features.NMels, winLength: features.WinLength);
        Normalizer = new(updateUntilEpoch: features.UpdateUntilEpoch == 0 ? null : features.UpdateUntilEpoch);
        Model = new ConformerTransducer(model);
        fbank.to(device);
        Model.to(device);
    }

    /// <summary>One to be trained.</summary>
    /// <exception cref="UserException">The model has not enough outputs for the tokenizer.</exception>
    internal static Recognizer For(Recipe recipe, ITokenizer tokenizer, Device device)
    {
        if (recipe.Model.OutputNeurons < tokenizer.VocabularySize)
        {
            throw new UserException(
                $"output_neurons is {recipe.Model.OutputNeurons}, and the tokenizer ({recipe.Data.TokenizerFile ?? "characters"}) has "
                + $"{tokenizer.VocabularySize} tokens; leave output_neurons out, or take another --tokenizer-file.");
        }
        var sizes = recipe.Model.Options(recipe.Features.NMels, tokenizer.VocabularySize, recipe.Optimization.CtcWeight);
        int chunk = recipe.Chunks.TestChunkSize;
        return new(recipe.Features, sizes, tokenizer, device) { TestChunks = chunk > 0 ? new DynChunkTrainConfig(chunk) : null };
    }

    internal FeatureRecipe FeatureRecipe { get; }

    internal ConformerTransducer Model { get; }

    internal InputNormalization Normalizer { get; }

    internal ITokenizer Tokenizer { get; }

    /// <summary>Hz.</summary>
    internal int SampleRate => FeatureRecipe.SampleRate;

    /// <summary>Chunks when it is used; null: none.</summary>
    internal DynChunkTrainConfig? TestChunks { get; init; }

    /// <summary>Has its say in a beam search; null: there is none. Goes with the recognizer.</summary>
    internal (RNNLM Model, double Weight)? LanguageModel { get; set; }

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
        return Normalize(Energies(waves, samples), Frames(samples), epoch).MoveToOuterDisposeScope();
    }

    /// <summary>Log mel energies, in dB: the first half of <see cref="Features"/>.</summary>
    /// <param name="waves"><c>[batch, time]</c></param>
    /// <param name="samples">their lengths</param>
    /// <returns><c>[batch, frames, 80]</c></returns>
    internal Tensor Energies(Tensor waves, long[] samples)
    {
        using var scope = NewDisposeScope();
        return fbank.Apply(waves, lengths: tensor(samples, device: device)).MoveToOuterDisposeScope();
    }

    /// <summary>Mean 0 and deviation 1 a band: the second half.</summary>
    /// <param name="energies"><c>[batch, frames, 80]</c></param>
    /// <param name="frames">their lengths</param>
    /// <param name="epoch">from 1; null when evaluating</param>
    /// <returns><c>[batch, frames, 80]</c></returns>
    internal Tensor Normalize(Tensor energies, long[] frames, long? epoch = null)
    {
        using var scope = NewDisposeScope();
        return Normalizer.call(energies, tensor(frames, device: device), epoch).MoveToOuterDisposeScope();
    }

    /// <summary>Feature frames of waveforms: one every 10 ms, the first at 0.</summary>
    internal long[] Frames(long[] samples) => fbank.FrameCounts(samples);

    /// <summary>The encoder's side of the model.</summary>
    /// <param name="features"><c>[batch, frames, 80]</c></param>
    /// <param name="frames">their lengths</param>
    /// <param name="chunks">null: none</param>
    /// <returns><c>[batch, frames / 4, joint]</c></returns>
    internal Tensor Encode(Tensor features, long[] frames, DynChunkTrainConfig? chunks)
    {
        using var scope = NewDisposeScope();
        return Model.Encode(features, tensor(frames, device: device), chunks).MoveToOuterDisposeScope();
    }

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
    /// <param name="batchSize">how many at once</param>
    /// <param name="decoding">how to search</param>
    internal ErrorRateStats Evaluate(SpeechDataset data, ProgressLine progress, string what, int batchSize, DecodingRecipe decoding)
    {
        var errors = new ErrorRateStats();
        var batches = new BatchSampler([.. data.Utterances.Select(utterance => utterance.Duration)], batchSize, shuffle: false).Batches(0);
        foreach (var (number, indices) in batches.Index())
        {
            progress.Show(number, batches.Count, $"recognising the {what} utterances");
            using var scope = NewDisposeScope();
            using var host = data.Load(indices);
            using var batch = host.ToDevice(device);
            foreach (var (index, text) in indices.Zip(Transcribe(batch, decoding)))
                errors.Append(data.Utterances[index].Id, Words(text), Words(data.Utterances[index].Transcript));
        }

        return errors;
    }

    /// <summary>The text of each utterance of a batch that lies on the model's device.</summary>
    /// <param name="batch">of the model's sample rate</param>
    /// <param name="decoding">null: greedy search</param>
    internal IReadOnlyList<string> Transcribe(PaddedBatch batch, DecodingRecipe? decoding = null)
    {
        Train(false);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var frames = Frames(batch.WaveLengths);
        var encoded = Encode(Features(batch.Waves, batch.WaveLengths), frames, TestChunks);   // [batch, T', joint]
        try
        {
            return [.. Search(encoded, Model.EncodedLengths(frames), decoding ?? new()).Select(Text)];
        }
        catch (ArgumentException e)
        {
            throw new UserException($"The model cannot recognise {string.Join(", ", batch.Ids)}: {e.Message}", e);
        }
    }

    /// <summary>The text of tokens. Outputs beyond the tokenizer's tokens are never trained; one that comes out all the same has no text.</summary>
    internal string Text(IReadOnlyList<int> tokens) =>
        Tokenizer.Decode(tokens.Select(token => (long)token).Where(token => token < Tokenizer.VocabularySize));

    public void Dispose()
    {
        Model.Dispose();
        Normalizer.Dispose();
        fbank.Dispose();
        LanguageModel?.Model.Dispose();
    }

    private IEnumerable<IReadOnlyList<int>> Search(Tensor encoded, long[] frames, DecodingRecipe decoding)
    {
        if (decoding.BeamSize == 1)
            return TransducerGreedySearcher.For(Model).Search(encoded, frames).Select(hypothesis => hypothesis.Tokens);
        var options = new TransducerBeamSearchOptions
        {
            BeamSize = decoding.BeamSize,
            StateBeam = decoding.StateBeam,
            ExpandBeam = decoding.ExpandBeam,
            NBest = 1,
            LmWeight = LanguageModel?.Weight ?? 0,
        };
        return TransducerBeamSearcher.For(Model, options, LanguageModel?.Model).Search(encoded, frames).Select(best => best[0].Tokens);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
