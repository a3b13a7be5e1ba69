using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class TransducerJointAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.nnet.transducer.transducer_joint.Transducer_joint";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var (encoded, predicted) = (c.Input("tn").requires_grad_(), c.Input("pn").requires_grad_());
        Projection? network = null;
        if (c.Constructor.StringOrNull("joint_network") is { } kind)
        {
            if (kind != "Linear")
                throw new GoldenException($"joint_network is '{kind}'; the adapter knows only 'Linear'");
            long[] shape = c.Recorded("w.joint_network.w.weight").shape;
            network = new Projection(shape[1], shape[0]);
        }
        using var joint = new TransducerJoint(
            network, Enum.Parse<JointKind>(c.Constructor.String("joint"), ignoreCase: true), Activation.Parse(c.Constructor.String("nonlinearity")));
        joint.to(c.Device);
        c.LoadWeights(joint);
        var y = joint.call(encoded, predicted)!;
        check.Output("out.y", y);
        check.Gradients(y, joint, ("tn", encoded), ("pn", predicted));
    }
}
