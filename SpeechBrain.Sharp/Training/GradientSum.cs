using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// The gradients of the batches that will make one update. A batch's own gradients are gathered apart, in the parameters, and taken in here only if
/// they are finite, which the device decides: a bad batch harms none of the good ones, and nobody waits for the answer.
/// </summary>
internal sealed class GradientSum(IReadOnlyList<Parameter> parameters) : IDisposable
{
    private readonly Tensor?[] sums = new Tensor?[parameters.Count];
    private readonly HashSet<int> taken = []; // sums that are the last batch's own gradients; it may yet prove bad

    /// <summary>The sums so far by the parameter's number; null where no batch had a gradient.</summary>
    internal IReadOnlyList<Tensor?> Sums => sums;

    /// <summary>Forgets the parameters' gradients.</summary>
    internal void ClearGradients()
    {
        foreach (var parameter in parameters)
            parameter.grad = null;
    }

    /// <summary>Divides the batch's gradients by the loss scale and gives their 2-norm, a float64 without dimensions.</summary>
    /// <exception cref="InvalidOperationException">No parameter has a gradient.</exception>
    internal Tensor BatchNorm(GradScaler? scaler)
    {
        List<Tensor> norms = [];
        foreach (var parameter in parameters)
        {
            using var gradient = parameter.grad;
            if (gradient is null)
                continue;
            scaler?.Unscale(gradient);
            norms.Add(gradient.norm());
        }
        return norms.Count > 0 ? Together(norms)
            : throw new InvalidOperationException(
                "The loss depends on none of the parameters; give the update the parameters of the model that made it.");
    }

    /// <summary>Takes the batch's gradients out of the parameters, as zeros where the batch is bad.</summary>
    /// <param name="bad">A bool without dimensions, on the device.</param>
    internal void Take(Tensor bad)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            var gradient = parameters[i].grad;
            if (gradient is null)
                continue;
            parameters[i].grad = null;
            if (sums[i] is { } sum)
            {
                using (gradient)
                    sum.add_(gradient.masked_fill_(bad, 0));
                continue;
            }
            sums[i] = gradient.DetachFromDisposeScope();
            taken.Add(i);
        }
    }

    /// <summary>The 2-norm of the sums, a float64 without dimensions.</summary>
    /// <param name="batchNorm">That of the batch taken last.</param>
    /// <param name="bad">Whether that batch is bad.</param>
    internal Tensor Norm(Tensor batchNorm, Tensor bad)
    {
        if (taken.Count == sums.Count(s => s is not null))
            return batchNorm; // of the first batch; if it is bad there is no update
        List<Tensor> norms = [];
        for (int i = 0; i < sums.Length; i++)
            if (sums[i] is { } sum)
                norms.Add(taken.Contains(i) ? sum.norm().masked_fill(bad, 0) : sum.norm());
        return Together(norms);
    }

    /// <summary>The 2-norm of the sums, read from the device; there must be some.</summary>
    internal double Norm()
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        return Together([.. sums.OfType<Tensor>().Select(sum => sum.norm())]).item<double>();
    }

    /// <summary>Says whether the batch taken last was good.</summary>
    internal void Settle(bool good)
    {
        if (!good)
            foreach (int i in taken)
                Drop(i);
        taken.Clear();
    }

    /// <summary>Puts the sums, times a factor, into the parameters, and begins anew.</summary>
    internal void PutIntoParameters(double factor)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            if (sums[i] is not { } sum)
                continue;
            if (factor != 1)
                sum.mul_(factor);
            parameters[i].grad = sum;
            Drop(i);
        }
    }

    /// <summary>Begins anew.</summary>
    internal void Clear()
    {
        for (int i = 0; i < sums.Length; i++)
            Drop(i);
        taken.Clear();
    }

    /// <summary>Puts saved sums in the place of these.</summary>
    internal void Restore(IReadOnlyList<Tensor?> saved)
    {
        Clear();
        for (int i = 0; i < sums.Length; i++)
            sums[i] = saved[i]?.to(parameters[i].dtype, parameters[i].device, copy: true).DetachFromDisposeScope();
    }

    public void Dispose() => Clear();

    // A norm of norms. Those of one type need one conversion together: each costs the launch of a kernel.
    private static Tensor Together(List<Tensor> norms)
    {
        bool alike = norms.TrueForAll(n => n.dtype == norms[0].dtype);
        return stack(alike ? norms : [.. norms.Select(n => n.to(ScalarType.Float64))]).norm().to(ScalarType.Float64);
    }

    private void Drop(int i)
    {
        sums[i]?.Dispose();
        sums[i] = null;
    }
}
