using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>What must hold of the arguments of the fused loss, checked before libtorch sees them.</summary>
internal static class FusedTransducerArguments
{
    /// <summary>Shapes, dtypes and devices of the inputs fit together.</summary>
    public static void Check(FusedJoint joint, Tensor targets, long blankIndex, LossReduction reduction, TransducerLossOptions options)
    {
        var (encoded, predicted, network, weight, bias) = joint;
        Require.Rank(encoded, nameof(encoded), "[batch, T, width]", 3);
        Require.Floating(encoded, nameof(encoded));
        Require.Rank(predicted, nameof(predicted), "[batch, U + 1, width]", 3);
        if (encoded.numel() == 0 || predicted.numel() == 0)
            throw new ArgumentException(
                $"encoded is {Require.Describe(encoded)} and predicted {Require.Describe(predicted)}; none of batch, T, U + 1 and width may be 0.",
                nameof(encoded));
        Require.Size(predicted, nameof(predicted), 0, encoded.size(0), "the batch of encoded [batch, T, width]");
        CheckNetwork(network);
        Require.Rank(weight, nameof(weight), "[outputs, joint]", 2);
        if (network.Kind == JointKind.Sum)
            Require.Size(predicted, nameof(predicted), 2, encoded.size(2), "the width of encoded, for a sum");
        long width = network.Kind == JointKind.Sum ? encoded.size(2) : encoded.size(2) + predicted.size(2);
        Require.Size(weight, nameof(weight), 1, width, "the width of the joint");
        Require.Range(weight.size(0), "the outputs of weight", 1);
        Like(predicted, nameof(predicted), encoded);
        Like(weight, nameof(weight), encoded);
        if (bias is not null)
        {
            Require.Rank(bias, nameof(bias), "[outputs]", 1);
            Require.Size(bias, nameof(bias), 0, weight.size(0), "the outputs of weight [outputs, joint]");
            Like(bias, nameof(bias), encoded);
        }
        PruningArguments.CheckTargets(targets, encoded, predicted.size(1) - 1);
        Require.Range(blankIndex, nameof(blankIndex), 0, weight.size(0) - 1);
        TransducerLossArguments.CheckReduction(reduction);
        CheckOptions(options);
        if (options.Engine == TransducerLossEngine.Cpu && !encoded.is_cpu())
            throw new ArgumentException(
                $"encoded lies on {encoded.device}, which the engine Cpu does not serve: choose Auto or Tensor, or move the inputs.",
                nameof(encoded));
    }

    /// <summary>The options' values, and those that the fused loss serves.</summary>
    public static void CheckOptions(TransducerLossOptions options)
    {
        TransducerLossArguments.CheckOptions(options);
        if (options.SkipNonFinite is not null)
            throw new ArgumentException(
                "The fused loss leaves no utterance out: its gradients go through the joint before the losses of all utterances are known. Use "
                + "TransducerLoss on the logits, or LossReduction.None.", nameof(options));
    }

    /// <summary>The joint can be computed twice with one result, and its memory foretold.</summary>
    public static void CheckNetwork(TransducerJoint joint)
    {
        ArgumentNullException.ThrowIfNull(joint);
        if (joint.HasNetwork)
            throw new ArgumentException(
                "A joint with a network inside cannot be fused: its memory is not known and its dropout would be drawn twice. Use TransducerLoss on "
                + "the logits, or put the network's layers before the joint.", nameof(joint));
    }

    private static void Like(Tensor tensor, string name, Tensor encoded)
    {
        if (tensor.dtype != encoded.dtype)
            throw new ArgumentException(
                $"{name} is {Require.Describe(tensor)} and encoded {encoded.dtype}; convert one of them, for example {name}.to({encoded.dtype}).",
                name);
        Require.SameDevice(tensor, name, encoded, nameof(encoded));
    }
}
