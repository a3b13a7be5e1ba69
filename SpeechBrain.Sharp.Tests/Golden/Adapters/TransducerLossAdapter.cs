using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>
/// Torchaudio's loss, SpeechBrain's own (whose value is divided by the frames), and a float64 reference, on the same logits. Two engines serve the
/// CPU: the one's results are compared with the recorded ones, the other's with those of the one.
/// </summary>
public sealed class TransducerLossAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "transducer_loss (torchaudio.functional.rnnt_loss; speechbrain numba Transducer)";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        c.Data.Ignore("the sizes that the inputs were drawn in");
        long blank = c.Constructor.Long("blank");
        Tensor targets = c.Input("targets"), frames = c.Input("logit_lengths"), labels = c.Input("target_lengths");
        foreach (var reduction in (LossReduction[])[LossReduction.None, LossReduction.Mean, LossReduction.Sum])
        {
            string name = reduction.ToString().ToLowerInvariant();
            var (loss, gradient) = Evaluate(c.Input("logits"), reduction, byFrames: false);
            check.Output($"out.torchaudio_{name}", loss);
            if (reduction != LossReduction.None)
                check.Output($"grad.torchaudio_{name}", gradient);
            if (!c.Has($"out.numba_{name}"))
                continue;
            var (perFrame, perFrameGradient) = Evaluate(c.Input("logits"), reduction, byFrames: true);
            check.Output($"out.numba_{name}", perFrame);
            if (reduction == LossReduction.Mean)
            {
                var ofValue = c.Recorded("ref.grad_sum_f64") / frames.reshape(-1, 1, 1, 1) / frames.numel();
                check.Deviates("numba-mean-gradient", "grad.numba_mean", perFrameGradient, ofValue.to(ScalarType.Float32));
            }
        }
        var (exact, exactGradient) = Evaluate(c.Input("logits").to(ScalarType.Float64), LossReduction.None, byFrames: false);
        check.Output("ref.nll_f64", exact, 1e-12, 1e-12);
        check.Output("ref.grad_sum_f64", exactGradient, 1e-10, 1e-12);

        (Tensor Loss, Tensor Gradient) Evaluate(Tensor logits, LossReduction reduction, bool byFrames)
        {
            var (loss, gradient) = By(TransducerLossEngine.Auto);
            var (other, otherGradient) = By(TransducerLossEngine.Tensor);
            double tolerance = logits.dtype == ScalarType.Float64 ? 1e-11 : 1e-6;
            AssertClose(Values(other), Values(loss), tolerance, tolerance);
            AssertClose(Values(otherGradient), Values(gradient), tolerance, tolerance);
            return (loss, gradient);

            (Tensor Loss, Tensor Gradient) By(TransducerLossEngine engine)
            {
                var leaf = logits.clone().requires_grad_();
                var loss = Functional.TransducerLoss(leaf, targets, frames, labels, blank, reduction, byFrames, new() { Engine = engine });
                loss.sum().backward();
                return (loss.detach(), leaf.grad!);
            }
        }
    }
}
