using NUnit.Framework;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Training;

[TestFixture]
public sealed class WeightUpdateRecoveryTests
{
    private const int Batches = 14, Epoch = 7;

    private TestFolder folder = null!;
    private DisposeScope scope = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TestFolder();
        scope = NewDisposeScope();
    }

    [TearDown]
    public void TearDown()
    {
        scope.Dispose();
        folder.Dispose();
    }

    /// <summary>
    /// A model whose scaled gradients pass through float16, so that at first they overflow; batch 4 has a loss of NaN, batch 9 an infinite gradient
    /// whatever the scale.
    /// </summary>
    private sealed class Run : IDisposable
    {
        private readonly Linear model;
        private readonly AdamW optimizer;
        private readonly Tensor data = Noise.Normal([Batches, 5, 3]);

        internal Run(bool scaled)
        {
            random.manual_seed(11);
            model = nn.Linear(3, 2);
            optimizer = optim.AdamW(model.parameters(), 0.1);
            Scaler = scaled ? new GradScaler(initScale: 1e7, growthInterval: 2) : null;
            Update = new WeightUpdate(
                optimizer, [.. model.parameters()], new() { GradAccumulationFactor = 3, NonfinitePatience = 5, Log = _ => { } },
                new NoamScheduler(0.1, 3), Scaler);
        }

        internal GradScaler? Scaler { get; }

        internal WeightUpdate Update { get; }

        internal Checkpointer Checkpointer(string path) => new(path, [Recoverable.Module("model", model), .. Update.Recoverables()]);

        internal void Train(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                using var inner = NewDisposeScope();
                var y = model.call(data[i]);
                var loss = (Scaler is null ? y : y.to(ScalarType.Float16).to(ScalarType.Float32)).square().mean();
                if (i == 4)
                    loss = loss * double.NaN;
                if (i == 9)
                    loss = loss + (model.weight! - model.weight!.detach()).sum().sqrt();
                Update.Backward(loss, [$"utterance {i}"], lastOfEpoch: i % Epoch == Epoch - 1);
            }
        }

        internal byte[] Weights => [.. model.parameters().SelectMany(p => p.detach().bytes.ToArray())];

        internal string Counts => $"{Update.OptimizerSteps} {Update.Waiting} {Update.SkippedLosses} {Update.SkippedGradients} {Update.Overflows} "
            + $"{Scaler?.Scale} {Scaler?.GrowthTracker} {string.Join(";", Update.SkippedThisEpoch)}";

        public void Dispose()
        {
            Update.Dispose();
            optimizer.Dispose();
            model.Dispose();
        }
    }

    [Test]
    public void ARunThatStoppedAfterAnyBatchGoesOnBitForBit([Values] bool scaled)
    {
        using var whole = new Run(scaled);
        whole.Train(0, Batches);
        for (int stop = 0; stop < Batches; stop++)
        {
            using var first = new Run(scaled);
            first.Train(0, stop);
            first.Checkpointer(folder[$"{stop}"]).Save();
            using var second = new Run(scaled);
            second.Train(0, 2); // what it has is forgotten
            second.Checkpointer(folder[$"{stop}"]).Recover();
            second.Train(stop, Batches);
            Assert.That(second.Weights, Is.EqualTo(whole.Weights), $"stopped after {stop}");
            Assert.That(second.Counts, Is.EqualTo(whole.Counts), $"stopped after {stop}");
        }
        Assert.That(whole.Update.SkippedLosses, Is.EqualTo(1));
        Assert.That(whole.Update.Overflows > 0, Is.EqualTo(scaled), "the run has overflows");
    }

    [Test]
    public void WhoWaitsIsRemembered()
    {
        using var first = new Slope(new() { GradAccumulationFactor = 2 });
        first.Batch(8e153, id: "first");
        first.Update.Save(folder["update.ckpt"]);
        using var second = new Slope(new() { GradAccumulationFactor = 2 });
        second.Update.Prepare(folder["update.ckpt"])();
        second.Batch(8e153, id: "second");
        Assert.That(second.Log.Single(), Does.Contain("first, second"), "whose gradients overflow together");
    }

    [Test]
    public void SavedUpdatesThatDoNotFitAreRefusedAndChangeNothing()
    {
        using var run = new Run(scaled: false);
        run.Train(0, 2);
        string path = folder["update.ckpt"];
        run.Update.Save(path);

        using var other = new Slope(new() { GradAccumulationFactor = 3 });
        Refused(other.Update, "those of another model");
        using var quick = new Slope(new() { GradAccumulationFactor = 2 });
        Refused(quick.Update, "2 batches wait, 2 of them good, and an update is made of 2");

        File.Delete(path);
        SpeechBrainCheckpoint.Save(path, new Dictionary<string, object?> { ["optimizer_step"] = -1L });
        Refused(run.Update, "no 'optimizer_step' that is a count");
        File.Delete(path);
        SpeechBrainCheckpoint.Save(path, 5L);
        Refused(run.Update, "does not hold a dictionary");
        Assert.That((run.Update.Waiting, run.Update.OptimizerSteps), Is.EqualTo((2, 0L)));

        void Refused(WeightUpdate update, string message) => Assert.That(
            () => update.Prepare(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(message).And.Message.Contains(path));
    }

    [Test]
    public void RecoveringLeavesNoTensorBehind()
    {
        using var run = new Run(scaled: false);
        run.Train(0, 2);
        run.Update.Save(folder["update.ckpt"]);
        LeakCheck.IsClean(() =>
        {
            using var inner = NewDisposeScope();
            run.Update.Prepare(folder["update.ckpt"])();
        });
    }
}
