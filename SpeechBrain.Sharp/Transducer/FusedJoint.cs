using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// Joint and output layer of the fused loss, for a run of frames of one utterance at a time: what lies between the two sides and the logits is made
/// for the run alone, and made again for its gradient.
/// </summary>
/// <param name="Encoded">From the encoder, <c>[batch, T, width]</c>.</param>
/// <param name="Predicted">From the predictor, <c>[batch, U + 1, width]</c>.</param>
/// <param name="Network">The joint.</param>
/// <param name="Weight">Of the output layer, <c>[V, joint]</c>.</param>
/// <param name="Bias">Of the output layer, <c>[V]</c>, if it has one.</param>
internal sealed record FusedJoint(Tensor Encoded, Tensor Predicted, TransducerJoint Network, Tensor Weight, Tensor? Bias)
{
    /// <summary>What logits are computed in: a CPU multiplies no float16 matrices before libtorch 2.</summary>
    public ScalarType Type => Encoded.dtype == ScalarType.Float16 && Encoded.is_cpu() ? ScalarType.Float32 : Encoded.dtype;

    /// <summary>Joins a run of frames with its states.</summary>
    /// <param name="run">Which.</param>
    /// <param name="withGraph">
    /// Whether there will be a gradient through the joint, to those of the two sides that ask for one: a graph of its own, for this run alone.
    /// </param>
    /// <returns>In the current dispose scope.</returns>
    public FusedJoined Join(FusedRun run, bool withGraph)
    {
        using var scope = NewDisposeScope();
        using var mode = enable_grad(withGraph);
        var frames = Encoded.detach().select(0, run.Utterance).narrow(0, run.First, run.Count).unsqueeze(1).to(Type)
            .requires_grad_(withGraph && Encoded.requires_grad);
        var states = Predicted.detach().select(0, run.Utterance).narrow(0, 0, run.Rows).unsqueeze(0).to(Type)
            .requires_grad_(withGraph && Predicted.requires_grad);
        var joined = Network.call(frames, states)!;
        return new(run, frames.MoveToOuterDisposeScope(), states.MoveToOuterDisposeScope(), joined.MoveToOuterDisposeScope());
    }

    /// <summary>Writes the logits of a run of frames.</summary>
    /// <param name="joined">What <see cref="Join"/> made of it.</param>
    /// <param name="logits">Contiguous <c>[frames of the run, rows, V]</c>, overwritten.</param>
    public void Logits(FusedJoined joined, Tensor logits)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var flat = logits.view(-1, logits.size(-1));
        if (Bias is not null)
            flat.copy_(Bias.expand_as(flat));
        flat.addmm_(joined.Joined.reshape(flat.size(0), -1), Weight.to(Type).t(), beta: Bias is null ? 0 : 1);
    }

    /// <summary>Takes the gradient of a run of frames on, from its logits to everything that asks for one.</summary>
    /// <param name="joined">What <see cref="Join"/> made of it; with a graph, which is then used up, if the gradient goes on through the joint.</param>
    /// <param name="byLogits">Contiguous <c>[frames of the run, rows, V]</c>.</param>
    /// <param name="gradients">Where it is added.</param>
    public void Backward(FusedJoined joined, Tensor byLogits, FusedGradients gradients)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (run, frames, states, result) = joined;
        var flat = byLogits.view(-1, byLogits.size(-1));
        if (Own(gradients.Weight, gradients, run) is { } byWeight)
            AddProduct(byWeight, flat.t(), result.detach().reshape(flat.size(0), -1));
        Own(gradients.Bias, gradients, run)?.add_(flat.sum([0], type: gradients.Bias!.dtype));
        if (!gradients.Inputs)
            return;
        var byJoined = flat.matmul(Weight.to(Type)).view_as(result);
        Tensor[] asking = [.. new[] { frames, states }.Where(side => side.requires_grad)];
        var found = autograd.grad([result], asking, [byJoined]);
        gradients.Encoded?.select(0, run.Utterance).narrow(0, run.First, run.Count).copy_(found[0].squeeze(1));
        gradients.Predicted?.select(0, run.Utterance).narrow(0, 0, run.Rows).add_(found[^1].squeeze(0));
    }

    private static Tensor? Own(Tensor? gradient, FusedGradients gradients, FusedRun run) =>
        gradients.PerUtterance ? gradient?.select(0, run.Utterance) : gradient;

    private static void AddProduct(Tensor sum, Tensor left, Tensor right)
    {
        if (sum.dtype == left.dtype)
            sum.addmm_(left, right);
        else
            sum.add_(left.matmul(right));
    }
}
