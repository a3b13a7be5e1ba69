using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class TransducerJointTests
{
    [Test]
    public void EveryFrameMeetsEveryState([Values] JointKind kind)
    {
        using var scope = NewDisposeScope();
        using var joint = new TransducerJoint(joint: kind);
        Tensor encoded = Input(2, 5, 1, 3), predicted = Input(2, 1, 4, 3) * 2;
        var actual = joint.call(encoded, predicted)!;
        Assert.That(actual.shape, Is.EqualTo(new long[] { 2, 5, 4, kind == JointKind.Sum ? 3 : 6 }));
        var pair = kind == JointKind.Sum ? encoded[1, 3, 0] + predicted[1, 0, 2] : cat([encoded[1, 3, 0], predicted[1, 0, 2]]);
        AssertClose(Values(actual[1, 3, 2]), [.. Values(pair).Select(v => v < 0 ? 0.01 * v : v)], 1e-14, 0);
    }

    [Test]
    public void AJointNetworkComesBeforeTheNonlinearity()
    {
        using var scope = NewDisposeScope();
        using var joint = new TransducerJoint(new Projection(6, 2, dtype: ScalarType.Float64), JointKind.Concat, Activation.Tanh);
        Assert.That(joint.state_dict().Keys, Is.EqualTo(new[] { "joint_network.w.weight", "joint_network.w.bias" }));
        Tensor encoded = Input(2, 5, 1, 3), predicted = Input(2, 1, 4, 3);
        var weights = joint.state_dict();
        var both = cat([encoded.expand(2, 5, 4, 3), predicted.expand(2, 5, 4, 3)], -1);
        var expected = both.matmul(weights["joint_network.w.weight"].t()).add(weights["joint_network.w.bias"]).tanh();
        AssertClose(Values(joint.call(encoded, predicted)!), Values(expected), 1e-12, 1e-14);
    }

    [Test]
    public void GradientsAreRight([Values] JointKind kind)
    {
        using var scope = NewDisposeScope();
        using var joint = new TransducerJoint(joint: kind, nonlinearity: Activation.GELU);
        GradCheck.Check(x => joint.call(x[0], x[1])!, Input(1, 3, 1, 2), Input(1, 1, 2, 2));
    }

    [Test]
    public void NothingLeaks([Values] JointKind kind)
    {
        using var scope = NewDisposeScope();
        using var joint = new TransducerJoint(joint: kind);
        Tensor encoded = Input(2, 5, 1, 3), predicted = Input(2, 1, 4, 3);
        LeakCheck.IsClean(() => joint.call(encoded, predicted)!);
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        using var joint = new TransducerJoint();
        Refusal.Of(() => joint.call(ones(2, 5, 1, 3), ones(2, 4, 3)), "rank of encoded");
        Refusal.Of(() => joint.call(ones(2, 5, 1, 3), ones(2, 1, 4, 2)), "one width");
        Refusal.Of(() => joint.call(ones(2, 5, 1, 3), ones(3, 1, 4, 3)), "dimension 0");
        Refusal.Of(() => joint.call(ones([2, 5, 1, 3], ScalarType.Int64), ones(2, 1, 4, 3)), "float32");
        Refusal.Of(() => joint.call(ones(2, 5, 1, 3), ones([2, 1, 4, 3], ScalarType.Bool)), "float32");
        Refusal.Of(() => new TransducerJoint(new Projection(6, 2)), "JointKind.Concat");
        Refusal.Of(() => new Projection(0, 2), "at least 1");
        using var projection = new Projection(6, 2);
        Refusal.Of(() => projection.call(ones(2, 5)), "inputSize");
        Refusal.Of(() => projection.call(ones(2, 6, dtype: ScalarType.Float64)), "weights are Float32");
        Refusal.Of(() => new Projection(6, 2, dtype: ScalarType.Int64), "float32");
    }

    [Test]
    public void NoFramesMeetEveryState([Values] JointKind kind)
    {
        using var scope = NewDisposeScope();
        using var joint = new TransducerJoint(joint: kind);
        Assert.That(joint.call(zeros(2, 0, 1, 3), zeros(2, 1, 4, 3))!.shape, Is.EqualTo(new long[] { 2, 0, 4, kind == JointKind.Sum ? 3 : 6 }));
    }

    private static Tensor Input(params long[] shape)
    {
        using var generator = new Generator(9);
        return randn(shape, dtype: ScalarType.Float64, generator: generator);
    }
}
