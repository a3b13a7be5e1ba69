namespace TorchSharp;

/// <summary>
/// Owns what is created on its thread between its making and its end, and disposes of it then, unless it was moved out. Scopes nest.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager manager;
    private readonly DisposeScope? outer;
    private HashSet<IDisposable> owned = new(ReferenceEqualityComparer.Instance);

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer) => (this.manager, this.outer) = (manager, outer);

    /// <summary>How many objects the scope owns.</summary>
    public int DisposablesCount => owned.Count;

    /// <summary>What the scope owns, as it is now.</summary>
    public IReadOnlyList<IDisposable> DisposablesView => [.. owned];

    internal DisposeScope? Outer => outer;

    /// <summary>Whether the scope owns an object.</summary>
    public bool Contains(IDisposable disposable) => owned.Contains(disposable);

    /// <summary>Hands an object to the next outer scope, or to nobody where there is none.</summary>
    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        MoveToOther(outer, disposable);
        return disposable;
    }

    /// <summary>Hands two objects to the next outer scope.</summary>
    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second));

    /// <summary>Hands three objects to the next outer scope.</summary>
    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    /// <summary>Hands objects to the next outer scope.</summary>
    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    /// <summary>Hands objects to the next outer scope.</summary>
    public void MoveToOuter(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) MoveToOther(outer, disposable);
    }

    /// <summary>Hands an object to another scope, or to nobody.</summary>
    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        if (owned.Remove(disposable))
        {
            scope?.owned.Add(disposable);
            if (disposable is torch.Tensor tensor)
            {
                tensor.OwningScope = scope;
                if (scope is null) manager.Counts.DetachedFromScopeCount++;
            }
        }
        return disposable;
    }

    /// <summary>Takes an object out of every scope: it now lives until it is disposed.</summary>
    public T Detach<T>(T disposable) where T : IDisposable => MoveToOther(null, disposable);

    /// <summary>Takes objects out of every scope.</summary>
    public void Detach(params IDisposable[] disposables)
    {
        foreach (var disposable in disposables) Detach(disposable);
    }

    /// <summary>Takes over an object, out of the scope that owns it now if there is one.</summary>
    public void Attach(IDisposable disposable)
    {
        if (disposable is torch.Tensor tensor)
        {
            if (tensor.OwningScope is { } owner)
            {
                owner.MoveToOther(this, tensor);
                return;
            }
            tensor.OwningScope = this;
            manager.Counts.AttachedToScopeCount++;
        }
        owned.Add(disposable);
    }

    /// <summary>Disposes of what the scope owns; the scope goes on.</summary>
    public void DisposeEverything() => DisposeEverythingBut([]);

    /// <summary>Disposes of what the scope owns, except for <paramref name="keep"/>; the scope goes on.</summary>
    public void DisposeEverythingBut(params IDisposable[] keep)
    {
        var old = owned;
        owned = new HashSet<IDisposable>(ReferenceEqualityComparer.Instance);
        foreach (var disposable in keep)
            if (old.Remove(disposable)) owned.Add(disposable);
        foreach (var disposable in old)
        {
            if (disposable is torch.Tensor tensor)
            {
                // counted here: it is no longer in the set that Dispose would look into
                tensor.OwningScope = null;
                manager.Counts.DisposedInScopeCount++;
                tensor.DisposeUncounted();
            }
            else
            {
                disposable.Dispose();
            }
        }
    }

    /// <summary>Disposes of what the scope owns, except for one object; the scope goes on.</summary>
    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    /// <summary>Ends the scope and disposes of what it owns.</summary>
    public void Dispose()
    {
        DisposeEverything();
        manager.Remove(this);
    }

    internal void Take(torch.Tensor tensor) => owned.Add(tensor);

    internal void Forget(torch.Tensor tensor) => owned.Remove(tensor);
}
