using SpeechBrain.Sharp.Parallelism;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The RNN-T loss by <see cref="CpuTransducerEngine"/> as one node of the autograd graph: logits in, one negative log-likelihood an utterance out.
/// It keeps the logits themselves and four numbers a lattice node, so that nothing as large as the logits lives between forward and backward.
/// </summary>
internal sealed class CpuTransducerLossFunction : autograd.SingleTensorFunction<CpuTransducerLossFunction>
{
    private const string TargetsKey = "targets";
    private const string OptionsKey = "options";
    private const string ShapeKey = "shape";

    /// <inheritdoc/>
    public override string Name => nameof(CpuTransducerLossFunction);

    /// <summary>The losses without a graph: less than half the work.</summary>
    /// <returns>Negative log-likelihoods <c>[batch]</c> in float64.</returns>
    public static Tensor Evaluate(Tensor logits, CpuTransducerTargets targets)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Losses(Served(logits), targets, CpuTransducerEngine.Normalizers(targets), CpuTransducerEngine.NoArcs(targets), posteriors: false)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Takes logits, <see cref="CpuTransducerTargets"/> and <see cref="TransducerGradientOptions"/>.</summary>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var logits = (Tensor)vars[0];
        var targets = (CpuTransducerTargets)vars[1];
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (normalizers, arcs) = (CpuTransducerEngine.Normalizers(targets), CpuTransducerEngine.NoArcs(targets));
        var loss = Losses(Served(logits), targets, normalizers, arcs, posteriors: true);
        ctx.save_data(TargetsKey, targets);
        ctx.save_data(OptionsKey, vars[2]);
        ctx.save_data(ShapeKey, (logits.shape, logits.dtype));
        // The binding saves these after this method has returned: they must outlive its scope.
        ctx.save_for_backward([logits, normalizers.MoveToOuterDisposeScope(), arcs.MoveToOuterDisposeScope()]);
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the losses, weighted by <paramref name="grad_output"/> <c>[batch]</c>; see <see cref="GuardedBackward"/>.</summary>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (shape, dtype) = ((long[], ScalarType))ctx.get_data(ShapeKey);
        return [GuardedBackward.Run(Name, shape, dtype, CPU, () => Gradient(ctx, grad_output)), null!, null!];
    }

    private static Tensor Gradient(autograd.AutogradContext ctx, Tensor lossWeights)
    {
        if (ctx.get_saved_variables() is not [var logits, var normalizers, var arcs])
            throw new InvalidOperationException("three tensors were saved");
        using var weights = lossWeights.to(ScalarType.Float64).contiguous().data<double>();
        var source = Served(logits);
        var gradient = empty(logits.shape, logits.dtype);
        var target = new LogitsMemory(gradient);
        HugePages.Advise(LogitsMemory.Address(gradient), gradient.numel() * target.ElementSize);
        var targets = (CpuTransducerTargets)ctx.get_data(TargetsKey);
        new CpuTransducerEngine(new LogitsMemory(source), targets, normalizers, arcs)
            .Gradient(weights.ToArray(), target, (TransducerGradientOptions)ctx.get_data(OptionsKey));
        KeepAlive(source, normalizers, arcs, gradient);
        return gradient;
    }

    private static Tensor Losses(Tensor logits, CpuTransducerTargets targets, Tensor normalizers, Tensor arcs, bool posteriors)
    {
        double[] losses = new CpuTransducerEngine(new LogitsMemory(logits), targets, normalizers, arcs).Losses(posteriors);
        KeepAlive(logits, normalizers, arcs);
        return tensor(losses);
    }

    private static Tensor Served(Tensor logits) => LogitsMemory.IsServed(logits) ? logits : logits.contiguous();

    // The engine has only addresses.
    private static void KeepAlive(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
            GC.KeepAlive(tensor);
    }
}
