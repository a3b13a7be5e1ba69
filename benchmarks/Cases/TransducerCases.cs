using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>The RNN-T loss, forward and backward, by each engine that serves the device, against torchaudio's.</summary>
internal static class TransducerCases
{
    private static readonly (long Batch, long Frames, long Rows, long Outputs)[] Sizes = [(4, 300, 41, 1000), (8, 200, 41, 500)];

    public static IEnumerable<BenchmarkCase> All(Device device)
    {
        foreach (var size in Sizes)
        {
            yield return Case(size, TransducerLossEngine.Auto, device);
            if (device.type == DeviceType.CPU)
                yield return Case(size, TransducerLossEngine.Tensor, device);
        }
    }

    private static BenchmarkCase Case((long Batch, long Frames, long Rows, long Outputs) size, TransducerLossEngine engine, Device device)
    {
        var (batch, frames, rows, outputs) = size;
        string name = $"rnnt/{batch}x{frames}x{rows}x{outputs}";
        return new BenchmarkCase($"{name}/{engine.ToString().ToLowerInvariant()}", "torchaudio", () =>
        {
            var owner = NewDisposeScope();
            var logits = randn(batch, frames, rows, outputs, requires_grad: true, device: device);
            var targets = randint(1, outputs, [batch, rows - 1], dtype: ScalarType.Int64, device: device);
            long[] inputLens = [.. Enumerable.Repeat(frames, (int)batch)], targetLens = [.. Enumerable.Repeat(rows - 1, (int)batch)];
            var options = new TransducerLossOptions { Engine = engine };
            return (() =>
            {
                using var scope = NewDisposeScope();
                Functional.TransducerLoss(logits, targets, inputLens, targetLens, options: options).backward();
                logits.grad!.Dispose();
                logits.grad = null;
            }, owner);
        }, Bytes: 3 * batch * frames * rows * outputs * sizeof(float), Twin: name, MaxRounds: 7);
    }
}
