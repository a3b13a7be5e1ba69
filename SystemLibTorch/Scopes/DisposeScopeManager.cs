namespace TorchSharp;

/// <summary>The stack of open scopes of a thread, and its counts.</summary>
public sealed class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? current;

    private readonly LifetimeStatistics counts = new();

    /// <summary>This thread's counts of tensors created and disposed.</summary>
    public static ThreadDisposeScopeStatistics Statistics => Current.threadStatistics ??= new ThreadDisposeScopeStatistics(Current.counts);

    private ThreadDisposeScopeStatistics? threadStatistics;

    internal static DisposeScopeManager Current => current ??= new DisposeScopeManager();

    internal DisposeScope? Innermost { get; private set; }

    internal LifetimeStatistics Counts => counts;

    internal DisposeScope Open() => Innermost = new DisposeScope(this, Innermost);

    /// <summary>Takes a scope off the stack, wherever in it it is.</summary>
    internal void Remove(DisposeScope scope)
    {
        if (ReferenceEquals(Innermost, scope))
        {
            Innermost = scope.Outer;
            return;
        }
        // Ended out of order: those opened inside it end with it.
        for (var inner = Innermost; inner is not null; inner = inner.Outer)
            if (ReferenceEquals(inner, scope))
            {
                Innermost = scope.Outer;
                return;
            }
    }

    internal DisposeScope? Register(torch.Tensor tensor)
    {
        if (Innermost is not { } scope)
        {
            counts.CreatedOutsideScopeCount++;
            return null;
        }
        counts.CreatedInScopeCount++;
        scope.Take(tensor);
        return scope;
    }
}

/// <summary>Counts of one kind of object on one thread.</summary>
public sealed class LifetimeStatistics
{
    /// <summary>Created while no scope was open.</summary>
    public long CreatedOutsideScopeCount { get; internal set; }

    /// <summary>Disposed while no scope owned them.</summary>
    public long DisposedOutsideScopeCount { get; internal set; }

    /// <summary>Created in a scope.</summary>
    public long CreatedInScopeCount { get; internal set; }

    /// <summary>Disposed while a scope owned them.</summary>
    public long DisposedInScopeCount { get; internal set; }

    /// <summary>Taken over by a scope after they were made.</summary>
    public long AttachedToScopeCount { get; internal set; }

    /// <summary>Taken out of every scope.</summary>
    public long DetachedFromScopeCount { get; internal set; }

    /// <summary>Created less disposed.</summary>
    public long ThreadTotalLiveCount => CreatedInScopeCount + CreatedOutsideScopeCount - DisposedInScopeCount - DisposedOutsideScopeCount;

    /// <summary>Sets every count to zero.</summary>
    public void Reset() => CreatedOutsideScopeCount = DisposedOutsideScopeCount = CreatedInScopeCount =
        DisposedInScopeCount = AttachedToScopeCount = DetachedFromScopeCount = 0;
}

/// <summary>A thread's counts.</summary>
public sealed class ThreadDisposeScopeStatistics
{
    internal ThreadDisposeScopeStatistics(LifetimeStatistics tensors) => TensorStatistics = tensors;

    /// <summary>The counts of tensors.</summary>
    public LifetimeStatistics TensorStatistics { get; }

    /// <summary>Created while no scope was open.</summary>
    public long CreatedOutsideScopeCount => TensorStatistics.CreatedOutsideScopeCount;

    /// <summary>Disposed while no scope owned them.</summary>
    public long DisposedOutsideScopeCount => TensorStatistics.DisposedOutsideScopeCount;

    /// <summary>Created in a scope.</summary>
    public long CreatedInScopeCount => TensorStatistics.CreatedInScopeCount;

    /// <summary>Disposed while a scope owned them.</summary>
    public long DisposedInScopeCount => TensorStatistics.DisposedInScopeCount;

    /// <summary>Taken over by a scope after they were made.</summary>
    public long AttachedToScopeCount => TensorStatistics.AttachedToScopeCount;

    /// <summary>Taken out of every scope.</summary>
    public long DetachedFromScopeCount => TensorStatistics.DetachedFromScopeCount;

    /// <summary>Created less disposed.</summary>
    public long ThreadTotalLiveCount => TensorStatistics.ThreadTotalLiveCount;

    /// <summary>Sets every count to zero.</summary>
    public void Reset() => TensorStatistics.Reset();
}

public static partial class torch
{
    /// <summary>The innermost open scope of this thread.</summary>
    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.Current.Innermost;

    /// <summary>Opens a scope on this thread.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Current.Open();

    /// <summary>Runs an expression in a scope of its own and returns its tensor to the scope outside.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
