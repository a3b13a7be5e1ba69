namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>
/// Maps one of SpeechBrain's modules to ours: reads its constructor and call arguments under SpeechBrain's names (all legal values of
/// them, not only those in the cases that ship), loads weights, feeds inputs and recorded draws, and hands every output to the check.
/// Implementations lie in <c>Adapters/</c>, one file a module, need a constructor without parameters, and are found by reflection.
/// <code>
/// public void Run(GoldenCase c, GoldenCheck check)
/// {
///     using var op = new Resample(c.Constructor.Long("orig_freq", 16000), c.Constructor.Long("new_freq", 16000));
///     using var x = c.Input("x").requires_grad_();
///     var y = op.call(x);
///     check.Output("out.y", y);
///     check.Gradients(y, ("x", x));
/// }
/// </code>
/// </summary>
public interface IGoldenAdapter
{
    /// <summary>Whether this adapter runs that case. At most one adapter may say so.</summary>
    bool Handles(GoldenCaseInfo info);

    /// <summary>
    /// Runs the case. Tensors made here are disposed of by the runner. Afterwards it is a failure if an argument, input, weight or draw
    /// was not read, or an output, gradient or reference not checked.
    /// </summary>
    void Run(GoldenCase c, GoldenCheck check);
}
