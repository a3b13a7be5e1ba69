using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary><c>train</c>: the whole of training in one loop, then recognition of what was trained on and of what was not.</summary>
internal static class TrainCommand
{
    internal static void Run(TrainOptions options, TextWriter output)
    {
        var recipe = options.Settings;
        var (data, optimization) = (recipe.Data, recipe.Optimization);
        var device = DeviceOption.Device(recipe.Device);
        ITokenizer tokenizer = data.TokenizerFile is { } file ? new SentencePieceTokenizer(file) : new CharacterTokenizer();
        var train = new SpeechDataset(data.TrainCsv, data.DataFolder, tokenizer, recipe.Features.SampleRate);
        var heldOut = new SpeechDataset(data.ValidCsv, data.DataFolder, tokenizer, recipe.Features.SampleRate);
        var sampler = new BatchSampler([.. train.Utterances.Select(utterance => utterance.Duration)], recipe.Batches.BatchSize, seed: recipe.Seed);

        random.manual_seed(recipe.Seed);                           // initial weights and dropout
        using var generator = new Generator((ulong)recipe.Seed);   // everything that augmentation draws
        using var speed = new SpeedPerturb(recipe.Features.SampleRate, recipe.Augmentation.Speeds, device: device);
        using var recognizer = Recognizer.For(recipe, tokenizer, device);
        var model = recognizer.Model;
        var weights = model.parameters().Where(parameter => parameter.requires_grad).ToList();
        using var optimizer = optim.AdamW(
            weights, optimization.Lr, optimization.Betas[0], optimization.Betas[1], optimization.Eps, optimization.WeightDecay);
        var schedule = new NoamScheduler(optimization.Lr, optimization.WarmupSteps);
        using var average = new WeightAverage(weights);
        var clock = new StepProfiler();
        using var progress = ProgressLine.For(output);

        output.WriteLine(FormattableString.Invariant(
            $"{train.Utterances.Count} utterances to train on ({train.Seconds:F0} s), {heldOut.Utterances.Count} held out ({heldOut.Seconds:F0} s)"));
        output.WriteLine(FormattableString.Invariant(
            $"{weights.Sum(weight => weight.numel()):N0} weights, {recipe.Device}, {get_num_threads()} thread(s)"));
        var start = System.Diagnostics.Stopwatch.StartNew();
        var badSteps = 0;
        for (var epoch = 1; epoch <= optimization.NumberOfEpochs; epoch++)
        {
            recognizer.Train(true);
            using var epochScope = NewDisposeScope();
            var sums = zeros(3, device: device);                    // total, transducer and CTC loss, read once an epoch
            var batches = sampler.Batches(epoch);
            foreach (var (step, indices) in batches.Index())
            {
                progress.Show(step, batches.Count, $"epoch {epoch}/{optimization.NumberOfEpochs}");
                using var scope = NewDisposeScope();

                using var batch = clock.Measure("load", () => Load(train, indices, device));
                var draw = speed.Sample(generator, batch.Count);        // a speed for each utterance

                // [batch, time] -> [batch, frames, 80] -> [batch, frames / 4, joint] -> losses
                var (waves, samples, _) = clock.Measure("resample", () => speed.Apply(batch.Waves, batch.WaveLengths, draw));
                var frames = recognizer.Frames(samples);
                var features = clock.Measure("features", () => recognizer.Features(waves, samples, epoch));
                clock.Measure("mask", () => recognizer.MakeMasks(features, frames, recognizer.TestChunks));
                var encoded = clock.Measure("encoder", () => recognizer.Encode(features, frames, recognizer.TestChunks));
                var losses = clock.Measure("joint + loss", () =>
                    model.Loss(encoded, model.EncodedLengths(frames), batch.Tokens, batch.TokenLengths));

                clock.Measure("backward", () => losses.Total.backward());
                clock.Measure("optimizer", () =>
                {
                    // One number comes back from the device here: clipping returns it, and it tells whether the gradients can be used.
                    if (double.IsFinite(nn.utils.clip_grad_norm_(weights, optimization.MaxGradNorm)))
                    {
                        // The rate first: SpeechBrain sets it after the step, so that its first step runs at the full rate.
                        schedule.Step(optimizer);
                        optimizer.step();
                    }
                    else if (++badSteps > optimization.NonfinitePatience)
                    {
                        throw new UserException(
                            $"The gradients were not finite in {badSteps} steps (epoch {epoch}); lower --lr or look at the data.");
                    }

                    optimizer.zero_grad();
                });
                sums.add_(stack([losses.Total, losses.Transducer, losses.Ctc ?? losses.Total * 0]).detach());
            }

            if (epoch > optimization.NumberOfEpochs - recipe.Checkpoints.AvgCheckpoints)
                average.Add();
            Directory.CreateDirectory(recipe.OutputFolder);              // what can't be written to shows after the first epoch, not after the last
            var means = sums.div(batches.Count).cpu().data<float>().ToArray();
            var rate = schedule.LrAt(Math.Max(1, schedule.NSteps));
            progress.Finish(FormattableString.Invariant($"epoch {epoch,3}/{optimization.NumberOfEpochs}  loss {means[0],7:F2}  transducer {means[1],7:F2}  ")
                + FormattableString.Invariant($"ctc {means[2],7:F2}  rate {rate:0.0e+0}  {start.Elapsed.TotalSeconds,6:F1} s"));
        }

        average.Apply();
        var trained = recognizer.Evaluate(train, progress, "training");
        var unseen = recognizer.Evaluate(heldOut, progress, "held-out");
        ModelWriter.Write(recognizer, recipe.OutputFolder);
        ErrorReport.Write(trained, Path.Combine(recipe.OutputFolder, "wer_train.txt"));
        ErrorReport.Write(unseen, Path.Combine(recipe.OutputFolder, "wer_heldout.txt"));

        progress.Finish("");
        output.WriteLine($"trained on: {trained.Summarize()}");
        output.WriteLine($"held out:   {unseen.Summarize()}");
        output.WriteLine();
        output.WriteLine("Where the time of a training step went:");
        output.Write(clock.Table());
        output.WriteLine("(To be timed, the masks are made once more outside the encoder, whose own time contains the same work.");
        output.WriteLine("Predictor and CTC head count as joint + loss.)");
        output.WriteLine();
        output.WriteLine($"The model, and what was heard beside what was said, are in '{recipe.OutputFolder}'.");
    }

    private static PaddedBatch Load(SpeechDataset data, int[] indices, Device device)
    {
        var batch = data.Load(indices);
        if (device.type == DeviceType.CPU)
            return batch;
        using (batch)
            return batch.ToDevice(device);
    }
}
