using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Decoding;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>How good a model in training is on utterances that training never sees: the transducer loss and, by greedy search, the word errors.</summary>
internal sealed class Validation : IDisposable
{
    private readonly Recognizer recognizer;
    private readonly Dictionary<string, string> transcripts;
    private readonly IReadOnlyList<int[]> batches;
    private readonly BatchLoader loader;

    internal Validation(Recipe recipe, SpeechDataset data, Recognizer recognizer, Device device)
    {
        this.recognizer = recognizer;
        transcripts = data.Utterances.ToDictionary(utterance => utterance.Id, utterance => utterance.Transcript);
        double[] durations = [.. data.Utterances.Select(utterance => utterance.Duration)];
        var batching = recipe.Batches;
        batches = batching.DynamicBatching
            ? new DynamicBatchSampler(durations, batching.MaxBatchLenVal, batching.NumBucket, shuffle: false, BatchOrdering.Ascending).Batches(0)
            : new BatchSampler(durations, batching.BatchSizeValid, shuffle: false).Batches(0);
        loader = new BatchLoader(data.Utterances, recognizer.Tokenizer, recipe.Features.SampleRate, new()
        {
            Workers = recipe.Data.NumWorkers,
            Device = device,
            MinSeconds = Recognizer.ShortestSeconds,
            AverageChannels = recipe.Data.AverageChannels,
            AllowEmptyTranscripts = true,
            // Rates of other utterances could not be compared, so nothing is left out, whatever training may leave out.
            MaxSkippedShare = 1,
            OnSkipped = skipped => throw new UserException(
                $"Validation needs every utterance of '{recipe.Data.ValidCsv}', and {skipped.Utterance.Id} can't be used: {skipped.Reason}."),
        });
    }

    /// <summary>Recognises all utterances; draws nothing. The model is in evaluation mode afterwards.</summary>
    /// <returns>The mean loss of an utterance, and the errors.</returns>
    internal (double Loss, ErrorRateStats Errors) Run(ProgressLine progress, CancellationToken cancellation)
    {
        recognizer.Train(false);
        using var noGradient = no_grad();
        var errors = new ErrorRateStats();
        double sum = 0;
        long done = 0;
        foreach (var batch in loader.Load(batches, cancellation))
        {
            using (batch)
            {
                progress.Show(batch.Place, batches.Count, "validating");
                using var scope = NewDisposeScope();
                long[] frames = recognizer.Frames(batch.WaveLengths);
                var energies = recognizer.Energies(batch.Waves, batch.WaveLengths);
                var encoded = recognizer.Encode(recognizer.Normalize(energies, frames), frames, recognizer.TestChunks);   // [batch, T', joint]
                long[] encodedFrames = recognizer.Model.EncodedLengths(frames);
                var loss = recognizer.Model.Loss(encoded, encodedFrames, batch.Tokens, batch.TokenLengths, withCtc: false).Transducer;
                sum += loss.item<float>() * batch.Count;
                done += batch.Count;
                var found = TransducerGreedySearcher.For(recognizer.Model).Search(encoded, encodedFrames);
                foreach (var (i, hypothesis) in found.Index())
                {
                    string heard = recognizer.Text(hypothesis.Tokens);
                    errors.Append(batch.Ids[i], Words(heard), Words(transcripts[batch.Ids[i]]));
                }
            }
        }
        return (sum / Math.Max(1, done), errors);
    }

    public void Dispose() => loader.Dispose();

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
