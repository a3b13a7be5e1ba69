using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// Where the gradients of the fused loss are gathered, slice by slice: of those inputs that ask for one, float32 for half precision, in which many
/// small terms would be lost.
/// </summary>
internal sealed class FusedGradients
{
    private readonly FusedJoint joint;

    /// <param name="joint">The inputs.</param>
    /// <param name="perUtterance">Whether the output layer's gradient is kept of each utterance, for losses that are weighted later.</param>
    public FusedGradients(FusedJoint joint, bool perUtterance)
    {
        this.joint = joint;
        bool enabled = is_grad_enabled();
        long[] items = perUtterance ? [joint.Encoded.size(0)] : [];
        Encoded = Zeros(joint.Encoded, []);
        Predicted = Zeros(joint.Predicted, []);
        Weight = Zeros(joint.Weight, items);
        Bias = joint.Bias is null ? null : Zeros(joint.Bias, items);
        PerUtterance = perUtterance;

        Tensor? Zeros(Tensor input, long[] leading) => enabled && input.requires_grad
            ? zeros([.. leading, .. input.shape], dtype: Sums(input.dtype), device: input.device)
            : null;
    }

    /// <summary>Whether there is any.</summary>
    public bool Any => Inputs || Weight is not null || Bias is not null;

    /// <summary>Whether the gradient goes on through the joint.</summary>
    public bool Inputs => Encoded is not null || Predicted is not null;

    /// <summary>Whether the output layer's gradients have the batch as their first dimension.</summary>
    public bool PerUtterance { get; }

    /// <summary><c>[batch, T, width]</c>.</summary>
    public Tensor? Encoded { get; }

    /// <summary><c>[batch, U + 1, width]</c>.</summary>
    public Tensor? Predicted { get; }

    /// <summary><c>[V, joint]</c>, or <c>[batch, V, joint]</c>.</summary>
    public Tensor? Weight { get; }

    /// <summary><c>[V]</c>, or <c>[batch, V]</c>.</summary>
    public Tensor? Bias { get; }

    /// <summary>The dtype that gradients of an input are gathered in.</summary>
    public static ScalarType Sums(ScalarType type) => type == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>Each input that asked for a gradient, with it in the dtype that it was gathered in.</summary>
    public List<(Tensor Input, Tensor Gradient)> All()
    {
        List<(Tensor, Tensor)> all = [];
        foreach (var (input, gradient) in new[]
        {
            (joint.Encoded, Encoded), (joint.Predicted, Predicted), (joint.Weight, Weight), (joint.Bias, Bias),
        })
            if (input is not null && gradient is not null)
                all.Add((input, gradient));
        return all;
    }
}
