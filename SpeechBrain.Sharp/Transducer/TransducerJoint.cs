using SpeechBrain.Sharp.Conformer;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The joint network of a transducer: every frame of the encoder meets every state of the predictor.
/// </summary>
/// <remarks>
/// Source: SpeechBrain 1.1.0, <c>nnet/transducer/transducer_joint.py</c>. State-dict keys <c>joint_network.*</c> if there is one.
/// SpeechBrain takes a network with "sum" and never applies it; here that is an error.
/// <code>
/// using var joint = new TransducerJoint(nonlinearity: Activation.GELU);
/// using var y = joint.call(encoded.unsqueeze(2), predicted.unsqueeze(1)); // [B, T, 1, H], [B, 1, U + 1, H] -> [B, T, U + 1, H]
/// </code>
/// </remarks>
public sealed class TransducerJoint : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "joint_network")]
    private readonly nn.Module<Tensor, Tensor>? network;

    private readonly Activation nonlinearity;

    /// <param name="jointNetwork">With <see cref="JointKind.Concat"/>: a network from twice the width to any. This module takes it over.</param>
    /// <param name="joint">Sum or concatenation.</param>
    /// <param name="nonlinearity">Applied at the end; LeakyReLU by default, as in SpeechBrain.</param>
    /// <exception cref="ArgumentException">A network is given with <see cref="JointKind.Sum"/>.</exception>
    public TransducerJoint(nn.Module<Tensor, Tensor>? jointNetwork = null, JointKind joint = JointKind.Sum, Activation? nonlinearity = null)
        : base(nameof(TransducerJoint))
    {
        Require.Defined(joint, nameof(joint));
        if (joint == JointKind.Sum && jointNetwork is not null)
            throw new ArgumentException(
                "a joint network needs JointKind.Concat; with JointKind.Sum it would never be applied.", nameof(jointNetwork));
        (Kind, network, this.nonlinearity) = (joint, jointNetwork, nonlinearity ?? Activation.LeakyReLU);
        RegisterComponents();
    }

    /// <summary>Sum or concatenation.</summary>
    public JointKind Kind { get; }

    /// <summary>Whether a network follows the concatenation.</summary>
    internal bool HasNetwork => network is not null;

    /// <summary>Joins tensors that broadcast: in training <c>[B, T, 1, H]</c> and <c>[B, 1, U + 1, H]</c>.</summary>
    /// <param name="encoded">From the encoder (the transcription network).</param>
    /// <param name="predicted">From the predictor, of the same rank; with <see cref="JointKind.Sum"/> of the same width.</param>
    /// <returns><c>[B, T, U + 1, H]</c>, or in the width of the joint network.</returns>
    /// <exception cref="ArgumentException">Ranks, sizes, types or devices do not fit.</exception>
    public override Tensor forward(Tensor encoded, Tensor predicted)
    {
        long[] shape = Broadcast(encoded, predicted);
        using var scope = NewDisposeScope();
        Tensor joined;
        if (Kind == JointKind.Sum)
        {
            joined = encoded + predicted;
        }
        else
        {
            joined = cat([encoded.expand([.. shape, encoded.size(-1)]), predicted.expand([.. shape, predicted.size(-1)])], -1);
            if (network is not null)
                joined = network.call(joined)!;
        }
        return nonlinearity.Apply(joined).MoveToOuterDisposeScope();
    }

    private long[] Broadcast(Tensor encoded, Tensor predicted)
    {
        Require.MinimumRank(encoded, nameof(encoded), "[B, T, 1, H], or another rank of at least 1", 1);
        Require.Rank(predicted, nameof(predicted), "of the rank of encoded", encoded.dim());
        Require.Floating(encoded, nameof(encoded));
        Require.Floating(predicted, nameof(predicted));
        Require.SameDevice(predicted, nameof(predicted), encoded, nameof(encoded));
        long[] left = encoded.shape, right = predicted.shape;
        if (Kind == JointKind.Sum && left[^1] != right[^1])
            throw new ArgumentException(
                $"predicted is {Require.Describe(predicted)} and encoded {Require.Describe(encoded)}; a sum needs one width.", nameof(predicted));
        for (int i = 0; i < left.Length - 1; i++)
            if (left[i] != right[i] && left[i] != 1 && right[i] != 1)
                throw new ArgumentException(
                    $"predicted is {Require.Describe(predicted)} and encoded {Require.Describe(encoded)}; dimension {i} must be equal, or 1 in one.",
                    nameof(predicted));
        return [.. left.Zip(right, (l, r) => l == 1 ? r : l).SkipLast(1)];
    }
}
