using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>Makes parameters that belong to their module, not to the dispose scope in which the module happens to be made.</summary>
internal static class ModuleParameter
{
    /// <summary>A parameter of that shape, drawn xavier-uniform.</summary>
    internal static Parameter Xavier(params long[] shape)
    {
        var parameter = Own(empty(shape));
        nn.init.xavier_uniform_(parameter);
        return parameter;
    }

    /// <summary>Turns a tensor into a parameter.</summary>
    internal static Parameter Own(Tensor data)
    {
        var parameter = nn.Parameter(data);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
