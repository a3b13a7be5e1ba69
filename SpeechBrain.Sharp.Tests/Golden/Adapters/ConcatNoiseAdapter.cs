using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>SpeechBrain puts batches of noise together; here any batches. Its lengths may be parts of a sample.</summary>
public sealed class ConcatNoiseAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "AddNoise._concat_batch";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var a = AugmentedBatch.FromRelative(c.Input("a"), c.Input("la").data<float>().ToArray());
        var b = AugmentedBatch.FromRelative(c.Input("b"), c.Input("lb").data<float>().ToArray());
        var ab = AugmentedBatch.Concatenate(a, b);
        var ba = AugmentedBatch.Concatenate(b, a);
        check.Output("out.ab", ab.Data);
        check.Output("out.ba", ba.Data);
        var (la, lb) = (Functional.AbsoluteLengths(c.Input("la"), a.Shape.Time), Functional.AbsoluteLengths(c.Input("lb"), b.Shape.Time));
        long time = ab.Shape.Time;
        check.Deviates("concatenated-lengths", "out.lab", ab.RelativeLengths(), cat([la, lb], 0).to(ScalarType.Float32) / time);
        check.Deviates("concatenated-lengths", "out.lba", ba.RelativeLengths(), cat([lb, la], 0).to(ScalarType.Float32) / time);
    }
}
