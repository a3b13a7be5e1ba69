using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>A generator of ours draws what torch's own draws from the same seed.</summary>
public sealed class CpuGeneratorAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "torch CPU default generator";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        using var generator = new Generator((ulong)c.Seed);
        check.Output("out.randint_0_7_20", randint(0, 7, [20], ScalarType.Int64, CPU, generator: generator));
        check.Output("out.rand_20", rand([20], ScalarType.Float32, CPU, generator: generator));
        check.Output("out.randn_5", randn([5], ScalarType.Float32, CPU, generator: generator));
        check.Output("out.randn_40", randn([40], ScalarType.Float32, CPU, generator: generator));
        check.Output("out.randperm_17", randperm(17, ScalarType.Int64, CPU, generator: generator));
        check.Output("out.randint_m3_4_9", randint(-3, 4, [9], ScalarType.Int64, CPU, generator: generator));
    }
}
