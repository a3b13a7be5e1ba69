namespace SystemLibTorch.Tests;

/// <summary>Scopes behave as TorchSharp's: thread-bound, nested, with exact counts.</summary>
public class DisposeScopeTests
{
    [Test]
    public void A_scope_disposes_of_what_was_made_in_it()
    {
        Tensor inside, kept;
        using (var scope = NewDisposeScope())
        {
            inside = ones(1);
            kept = ones(1);
            Assert.That(scope.DisposablesCount, Is.EqualTo(2));
            kept.DetachFromDisposeScope();
            Assert.That(scope.Contains(kept), Is.False);
        }
        Assert.That(inside.IsInvalid, Is.True);
        Assert.That(kept.IsInvalid, Is.False);
        kept.Dispose();
    }

    [Test]
    public void Moving_out_goes_one_scope_further()
    {
        using var outer = NewDisposeScope();
        Tensor moved;
        using (var inner = NewDisposeScope())
        {
            moved = ones(1).MoveToOuterDisposeScope();
            Assert.That(inner.DisposablesCount, Is.Zero);
        }
        Assert.That(outer.Contains(moved), Is.True);
        outer.DisposeEverything();
        Assert.That(moved.IsInvalid, Is.True);
    }

    [Test]
    public void Moving_out_of_the_outermost_scope_detaches()
    {
        Tensor moved;
        using (NewDisposeScope()) moved = ones(1).MoveToOuterDisposeScope();
        Assert.That(moved.IsInvalid, Is.False);
        moved.Dispose();
    }

    [Test]
    public void Everything_but_what_is_kept()
    {
        using var scope = NewDisposeScope();
        Tensor a = ones(1), b = ones(1);
        scope.DisposeEverythingBut(a);
        Assert.That((a.IsInvalid, b.IsInvalid), Is.EqualTo((false, true)));
        Assert.That(scope.DisposablesCount, Is.EqualTo(1));
    }

    [Test]
    public void Counts_are_exact()
    {
        var counts = DisposeScopeManager.Statistics.TensorStatistics;
        counts.Reset();
        var outside = ones(1);
        using (NewDisposeScope())
        {
            _ = ones(1);
            ones(1).Dispose();
            outside = outside.MoveToOtherDisposeScope(CurrentDisposeScope);
        }
        var loose = ones(1);
        Assert.That(
            (counts.CreatedOutsideScopeCount, counts.CreatedInScopeCount, counts.DisposedInScopeCount, counts.AttachedToScopeCount, counts.ThreadTotalLiveCount),
            Is.EqualTo((2L, 2L, 3L, 1L, 1L)));
        loose.Dispose();
        Assert.That((counts.DisposedOutsideScopeCount, counts.ThreadTotalLiveCount), Is.EqualTo((1L, 0L)));
    }

    [Test]
    public void Another_threads_tensors_are_not_caught()
    {
        using var scope = NewDisposeScope();
        Tensor? made = null;
        var thread = new Thread(() => made = ones(1));
        thread.Start();
        thread.Join();
        Assert.That(scope.Contains(made!), Is.False);
        made!.Dispose();
    }

    [Test]
    public void A_disposed_tensor_leaves_its_scope()
    {
        using var scope = NewDisposeScope();
        ones(1).Dispose();
        Assert.That(scope.DisposablesCount, Is.Zero);
    }
}
