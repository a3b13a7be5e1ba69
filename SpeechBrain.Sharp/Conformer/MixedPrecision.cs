using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Chooses the type in which layers compute their products, which is where the time goes; all else stays in the type of the weights.
/// </summary>
/// <remarks>
/// P. Micikevicius et al., "Mixed precision training", https://arxiv.org/abs/1710.03740. TorchSharp has no autocast; the layers here cast for
/// themselves:
/// <list type="bullet">
/// <item>in the chosen type: linear layers, convolutions, and the two products of attention;</item>
/// <item>in the weights' type (float32): normalizations, softmax, residual sums, the prediction network's LSTM, and losses;</item>
/// <item>weights, their gradients and so the optimizer's state stay float32, and so do the state dict and checkpoints.</item>
/// </list>
/// A layer gives the type that it was given: float32 outputs for float32 inputs. Two exceptions save memory where it is scarcest, the logits
/// of <see cref="Transducer.ConformerTransducer.Joint"/>, which are of the chosen type (losses convert them slice by slice), and the masks of
/// an attention that is called by itself (<see cref="AttentionMask.From"/>).
/// <code>
/// model.ComputeIn(ScalarType.BFloat16);      // an encoder is 1.5 times as fast where the processor has bfloat16 products
/// model.ComputeIn(null);                     // and back
/// </code>
/// bfloat16 has the range of float32, so nothing else changes. float16 has not: small gradients become 0 unless the loss is multiplied by a
/// large factor before <c>backward</c>, and the gradients divided by it before the optimizer's step: room <c>Training</c> has a <c>GradScaler</c>,
/// and <c>Precision</c>, SpeechBrain's option of that name.
/// </remarks>
public static class MixedPrecision
{
    /// <summary>Makes a module, and all modules in it, compute products in a type. Others than this library's are not concerned.</summary>
    /// <param name="module">For example a <see cref="TransformerASR"/> or a <see cref="Transducer.ConformerTransducer"/>, on any device.</param>
    /// <param name="type">
    /// <see cref="ScalarType.BFloat16"/>, on CPU and GPU; <see cref="ScalarType.Float16"/>, on the GPU (on the CPU a forward pass refuses it);
    /// null: the type of the weights.
    /// </param>
    /// <returns>The module.</returns>
    /// <exception cref="ArgumentException">Another type.</exception>
    public static T ComputeIn<T>(this T module, ScalarType? type)
        where T : nn.Module
    {
        ArgumentNullException.ThrowIfNull(module);
        if (type is not (null or ScalarType.BFloat16 or ScalarType.Float16))
            throw new ArgumentOutOfRangeException(
                nameof(type), type, "Products are computed in BFloat16, in Float16, or with null in the type of the weights; to(type) changes that.");
        foreach (var part in module.modules().Append(module))
            if (part is IHasProducts layer)
                layer.Products.Type = type;
        return module;
    }
}
