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
    public ScalarType Type { get; } = Encoded.dtype == ScalarType.Float16 && Encoded.is_cpu() ? ScalarType.Float32 : Encoded.dtype;

    /// <summary>Writes the logits of a run of frames.</summary>
    /// <param name="run">Which.</param>
    /// <param name="logits">Contiguous <c>[frames of the run, rows, V]</c>, overwritten.</param>
    public void Logits(FusedRun run, Tensor logits)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var joined = Network.call(Frames(run), States(run))!;
        var flat = logits.view(-1, logits.size(-1));
        if (Bias is not null)
            flat.copy_(Bias.expand_as(flat));
        flat.addmm_(joined.reshape(flat.size(0), -1), Weight.to(Type).t(), beta: Bias is null ? 0 : 1);
    }

    /// <summary>Takes the gradient of a run of frames on, from its logits to everything that asks for one.</summary>
    /// <param name="run">Which.</param>
    /// <param name="byLogits">Contiguous <c>[frames of the run, rows, V]</c>.</param>
    /// <param name="gradients">Where it is added.</param>
    public void Backward(FusedRun run, Tensor byLogits, FusedGradients gradients)
    {
        using var scope = NewDisposeScope();
        var flat = byLogits.view(-1, byLogits.size(-1));
        Tensor frames, states, joined;
        // A graph of its own: of the joint alone, for this run alone.
        using (enable_grad())
        {
            (frames, states) = (Frames(run).requires_grad_(gradients.Inputs), States(run).requires_grad_(gradients.Inputs));
            joined = Network.call(frames, states)!;
        }
        using var noGrad = no_grad();
        if (Own(gradients.Weight, gradients, run) is { } byWeight)
            AddProduct(byWeight, flat.t(), joined.detach().reshape(flat.size(0), -1));
        Own(gradients.Bias, gradients, run)?.add_(flat.sum([0], type: gradients.Bias!.dtype));
        if (!gradients.Inputs)
            return;
        var byJoined = flat.matmul(Weight.to(Type)).view_as(joined);
        var found = autograd.grad([joined], [frames, states], [byJoined]);
        gradients.Encoded?.select(0, run.Utterance).narrow(0, run.First, run.Count).copy_(found[0].squeeze(1));
        gradients.Predicted?.select(0, run.Utterance).narrow(0, 0, run.Rows).add_(found[1].squeeze(0));
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

    // Leaves of the local graph, [frames, 1, width] and [1, rows, width].
    private Tensor Frames(FusedRun run) => Encoded.detach().select(0, run.Utterance).narrow(0, run.First, run.Count).unsqueeze(1).to(Type);

    private Tensor States(FusedRun run) => Predicted.detach().select(0, run.Utterance).narrow(0, 0, run.Rows).unsqueeze(0).to(Type);
}
