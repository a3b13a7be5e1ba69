using NUnit.Framework;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>Counts live tensors around a piece of code.</summary>
public static class LeakCheck
{
    /// <summary>
    /// Asserts that an action leaves as many live tensors as it found. It runs once beforehand, so that caches it fills do not count.
    /// </summary>
    /// <param name="action">Code that disposes of its own results.</param>
    public static void IsClean(Action action)
    {
        Settle();
        action();
        Settle();
        long before = Tensor.TotalCount;
        action();
        long leaked = Tensor.TotalCount - before;
        Assert.That(leaked, Is.Zero, "tensors left alive");
    }

    /// <summary>Asserts that an operation makes one live tensor, its result, and no more.</summary>
    public static void IsClean(Func<Tensor> operation)
    {
        operation().Dispose();
        IsClean(() =>
        {
            long before = Tensor.TotalCount;
            using var result = operation();
            Assert.That(Tensor.TotalCount - before, Is.EqualTo(1), "live tensors made: the result alone");
        });
    }

    // Finalizers of tensors that earlier tests dropped would otherwise run in the middle of the count.
    private static void Settle()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
