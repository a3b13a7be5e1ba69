using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Layer normalization under the name that SpeechBrain's wrapper gives it: the keys end in <c>norm.weight</c> and <c>norm.bias</c>.
/// </summary>
internal sealed class Norm : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.LayerNorm norm;

    internal Norm(long[] size, double eps = 1e-5)
        : base(nameof(Norm))
    {
        norm = nn.LayerNorm(size, eps);
        RegisterComponents();
    }

    internal Tensor Weight => norm.weight;

    public override Tensor forward(Tensor x) => norm.call(x);
}
