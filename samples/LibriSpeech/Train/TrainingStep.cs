using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Training;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>The forward pass of training, from waveforms to losses: all that is done to a batch before its gradient.</summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly Recipe recipe;
    private readonly Recognizer recognizer;
    private readonly RandomStreams streams;
    private readonly StepProfiler clock;
    private readonly SpeedPerturb speed;
    private readonly Augmenter? augmenter;
    private readonly DynChunkTrainConfigRandomSampler? chunkSampler;

    internal TrainingStep(Recipe recipe, Recognizer recognizer, RandomStreams streams, StepProfiler clock, Device device)
    {
        (this.recipe, this.recognizer, this.streams, this.clock) = (recipe, recognizer, streams, clock);
        speed = new SpeedPerturb(recipe.Features.SampleRate, recipe.Augmentation.Speeds, device: device);
        augmenter = recipe.Augmentation.FeaAugment ? recipe.Augmentation.Augmenter() : null;
        chunkSampler = recipe.Chunks.Sampler;
    }

    /// <summary>The losses of a batch; draws what the batch needs.</summary>
    /// <param name="batch">on the model's device</param>
    /// <param name="epoch">from 1</param>
    /// <returns>Scalars of the current dispose scope.</returns>
    internal TransducerLosses Losses(PaddedBatch batch, int epoch)
    {
        var draw = speed.Sample(streams.Speeds, batch.Count);           // a speed for each utterance
        var chunks = chunkSampler?.Sample(streams.Chunks);              // what a frame may see, in this batch
        var (tokens, tokenLengths) = (batch.Tokens, batch.TokenLengths);
        bool augmentFirst = recipe.Augmentation.FeaAugmentBeforeNormalize;

        // [batch, time] -> [batch, frames, 80] -> [batch, frames / 4, joint] -> losses
        var (waves, samples, _) = clock.Measure("resample", () => speed.Apply(batch.Waves, batch.WaveLengths, draw));
        long[] frames = recognizer.Frames(samples);
        var features = clock.Measure("features", () => recognizer.Energies(waves, samples));
        if (augmentFirst)
            Augment();
        features = clock.Measure("features", () => recognizer.Normalize(features, frames, epoch));
        if (!augmentFirst)
            Augment();
        clock.Measure("mask", () => recognizer.MakeMasks(features, frames, chunks));    // the encoder makes its own: only to be timed
        var encoded = clock.Measure("encoder", () => recognizer.Encode(features, frames, chunks));
        return clock.Measure("joint + loss", () => recognizer.Model.Loss(
            encoded, recognizer.Model.EncodedLengths(frames), tokens, tokenLengths, withCtc: epoch <= recipe.Optimization.NumberOfCtcEpochs));

        // Rows may become more; each brings the labels of the utterance that it stems from.
        void Augment()
        {
            if (augmenter is null)
                return;
            clock.Measure("augment", () =>
            {
                using var plain = new AugmentedBatch(features, frames);
                var augmented = augmenter.Apply(plain, augmenter.Sample(streams.Features, plain));
                tokens = Augmenter.ReplicateLabels(augmented, batch.Tokens);
                tokenLengths = [.. augmented.Sources.Select(source => batch.TokenLengths[source])];
                (features, frames) = (augmented.Data, [.. augmented.Lengths]);
            });
        }
    }

    public void Dispose()
    {
        speed.Dispose();
        augmenter?.Dispose();
    }
}
