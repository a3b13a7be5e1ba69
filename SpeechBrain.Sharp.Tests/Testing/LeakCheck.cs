using NUnit.Framework;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>Counts live tensors around a piece of code.</summary>
public static class LeakCheck
{
    // TorchSharp counts a tensor that becomes a parameter twice and its end once, so that by its total each parameter is a leak.
    private static readonly Lazy<bool> totalIsRight = new(() =>
    {
        Settle();
        long before = Tensor.TotalCount;
        new Parameter(zeros(1)).Dispose();
        return Tensor.TotalCount == before;
    });

    /// <summary>
    /// Asserts that an action leaves as many live tensors as it found. It runs once beforehand, so that caches it fills do not count.
    /// </summary>
    /// <param name="action">Code that disposes of its own results.</param>
    public static void IsClean(Action action)
    {
        Settle();
        action();
        Settle();
        long before = Live();
        action();
        long leaked = Live() - before;
        Assert.That(leaked, Is.Zero, "tensors left alive");
    }

    /// <summary>Asserts that an operation makes one live tensor, its result, and no more.</summary>
    public static void IsClean(Func<Tensor> operation)
    {
        operation().Dispose();
        IsClean(() =>
        {
            long before = Live();
            using var result = operation();
            Assert.That(Live() - before, Is.EqualTo(1), "live tensors made: the result alone");
        });
    }

    /// <summary>
    /// Tensors alive: of all threads where the binding counts them right, otherwise, by the statistics of dispose scopes, those made on this one
    /// less those disposed here.
    /// </summary>
    internal static long Live() => totalIsRight.Value ? Tensor.TotalCount : DisposeScopeManager.Statistics.ThreadTotalLiveCount;

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
