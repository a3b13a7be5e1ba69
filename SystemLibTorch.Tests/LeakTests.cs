namespace SystemLibTorch.Tests;

/// <summary>
/// What is made is freed, native memory included: the process may not grow by more than a small part of what the operations would have left behind.
/// </summary>
[NonParallelizable]
public class LeakTests
{
    private const long MiB = 1 << 20;

    [Test]
    public void A_hundred_thousand_operations_leave_nothing()
    {
        using var a = randn(1024);
        using var b = randn(1024);
        // 100,000 results of 4 KiB are 400 MiB.
        AssertNoGrowth(100_000, 40 * MiB, () => a.add(b).Dispose());
    }

    [Test]
    public void Scopes_leave_nothing()
    {
        using var a = randn(1024);
        AssertNoGrowth(20_000, 40 * MiB, () =>
        {
            using var scope = NewDisposeScope();
            var b = a * 2;
            var c = b[100..];
            _ = c + 1;
        });
    }

    [Test]
    public void Failing_operations_leave_nothing()
    {
        // Few, since libtorch takes milliseconds to describe a failure; the operands of 300 calls that kept them would be 300 MiB.
        AssertNoGrowth(300, 40 * MiB, warmUp: 20, action: () =>
        {
            using var a = zeros(1 << 17);
            using var b = zeros((1 << 17) + 1);
            Assert.That(() => a.add(b), Throws.Exception);
        });
    }

    [Test]
    public void Lists_of_arguments_and_results_leave_nothing()
    {
        using var a = randn(64, 16);
        AssertNoGrowth(5_000, 20 * MiB, () =>
        {
            using var scope = NewDisposeScope();
            _ = cat(a.unbind(0));
        });
    }

    [Test]
    public void Custom_functions_and_their_graphs_leave_nothing()
    {
        using var x = randn([16384], requires_grad: true);
        // Each graph holds 128 KiB: 2,000 of them are 256 MiB.
        AssertNoGrowth(2_000, 40 * MiB, () =>
        {
            using var scope = NewDisposeScope();
            var y = Square.apply(x).sum();
            y.backward();
            x.grad = null;
        });
    }

    [Test]
    public void Graphs_that_are_never_walked_leave_nothing()
    {
        using var x = randn([16384], requires_grad: true);
        AssertNoGrowth(2_000, 40 * MiB, () =>
        {
            using var scope = NewDisposeScope();
            _ = Square.apply(x).sum();
        });
    }

    [Test]
    public void Custom_functions_that_throw_leave_nothing()
    {
        using var x = randn([16384], requires_grad: true);
        AssertNoGrowth(500, 20 * MiB, () =>
        {
            using var scope = NewDisposeScope();
            Assert.That(() => Throws_.apply(x), Throws.ArgumentException);
        });
    }

    [Test]
    public void Pinned_arrays_are_let_go()
    {
        WeakReference array = Alias();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.That(array.IsAlive, Is.False);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Alias()
        {
            var values = new float[10];
            using (var tensor = frombuffer(values, ScalarType.Float32)) tensor.fill_(1);
            Assert.That(values[9], Is.EqualTo(1));
            return new WeakReference(values);
        }
    }

    [Test]
    public void Tensors_that_nobody_disposes_are_freed_by_the_collector()
    {
        var before = Tensor.TotalCount;
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.That(Tensor.TotalCount, Is.LessThanOrEqualTo(before));

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget()
        {
            for (var i = 0; i < 100; i++) _ = ones(10);
        }
    }

    private static void AssertNoGrowth(int times, long bytes, Action action, int warmUp = 200)
    {
        for (var i = 0; i < warmUp; i++) action(); // pools and caches fill
        Collect();
        var tensors = Tensor.TotalCount;
        var resident = Resident();
        for (var i = 0; i < times; i++) action();
        Collect();
        Assert.Multiple(() =>
        {
            Assert.That(Tensor.TotalCount - tensors, Is.Zero, "live tensors");
            Assert.That(Resident() - resident, Is.LessThan(bytes), "resident bytes");
        });

        static void Collect()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static long Resident()
    {
        if (!File.Exists("/proc/self/statm")) Assert.Ignore("This system has no /proc: the process's memory can't be read.");
        return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    private sealed class Square : autograd.SingleTensorFunction<Square>
    {
        public override string Name => nameof(Square);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            var doubled = x * 2;
            ctx.save_for_backward([doubled]);
            return x * x;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output * ctx.get_saved_variables()[0]];
    }

    private sealed class Throws_ : autograd.SingleTensorFunction<Throws_>
    {
        public override string Name => "Throws";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => throw new ArgumentException("no");

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output];
    }
}
