using SpeechBrain.Sharp.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Training;

/// <summary>
/// The smallest thing that can be trained: weights of two parameters in two groups, and losses whose gradients are what one wants. SGD at rate 1,
/// so that weights change by minus the gradient.
/// </summary>
internal sealed class Slope : IDisposable
{
    internal Slope(WeightUpdateOptions? options = null, NoamScheduler? schedule = null, GradScaler? scaler = null, Device? device = null)
    {
        Matrix = new Parameter(zeros(2, 2, ScalarType.Float64, device));
        Vector = new Parameter(zeros(2, ScalarType.Float64, device));
        Optimizer = optim.SGD([new SGD.ParamGroup([Vector], 1.0), new SGD.ParamGroup([Matrix], 1.0)], 1.0);
        Update = new WeightUpdate(
            Optimizer, [Matrix, Vector], (options ?? new()) with { Log = Log.Add }, schedule, scaler);
    }

    internal Parameter Matrix { get; }

    internal Parameter Vector { get; }

    internal SGD Optimizer { get; }

    internal WeightUpdate Update { get; }

    internal List<string> Log { get; } = [];

    /// <summary>All six weights.</summary>
    internal double[] Weights
    {
        get
        {
            using var scope = NewDisposeScope();
            return cat([Matrix.detach().flatten(), Vector.detach()]).cpu().data<double>().ToArray();
        }
    }

    /// <summary>A batch whose loss is <paramref name="gradient"/> times the sum of all weights, plus <paramref name="loss"/>.</summary>
    internal WeightUpdateResult Batch(double gradient, double loss = 0, string id = "id", bool lastOfEpoch = false)
    {
        using var scope = NewDisposeScope();
        return Update.Backward((Matrix.sum() + Vector.sum()) * gradient + loss, [id], lastOfEpoch);
    }

    /// <summary>A batch of loss 0 whose gradient is infinite at weights of 0.</summary>
    internal WeightUpdateResult Steep(string id = "steep")
    {
        using var scope = NewDisposeScope();
        return Update.Backward((Matrix - Matrix.detach()).sum().sqrt(), [id]);
    }

    public void Dispose()
    {
        Update.Dispose();
        Optimizer.Dispose();
        Matrix.Dispose();
        Vector.Dispose();
    }
}
