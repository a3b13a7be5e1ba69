using System.Runtime.InteropServices;

namespace SystemLibTorch.Tests;

/// <summary>Each of these ends the process on the real package, or did in one of its versions: here each is a .NET exception, and the process goes on.</summary>
public class ErrorPathTests
{
    [Test]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => ones(3).add(ones(2)));
        Assert.That(error!.Message, Does.Contain("size of tensor a (3) must match the size of tensor b (2)"));
    }

    [Test]
    public void Matmul_of_shapes_that_do_not_fit()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => randn(2, 3).matmul(randn(2, 3)));
        Assert.That(error!.Message, Does.Contain("2x3 and 2x3"));
    }

    [Test]
    public void A_wrong_dtype_is_named()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => ones(2, 2).matmul(ones(2, 2, dtype: ScalarType.Int64)));
        Assert.That(error!.Message, Does.Contain("dtype").Or.Contain("type"));
    }

    [Test]
    public void A_disposed_tensor_is_refused()
    {
        var tensor = ones(3);
        tensor.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(tensor.IsInvalid, Is.True);
            Assert.That(Assert.Throws<InvalidOperationException>(() => tensor.add(1)!.Dispose())!.Message, Does.Contain("empty handle"));
            Assert.Throws<InvalidOperationException>(() => _ = tensor.shape);
            Assert.DoesNotThrow(tensor.Dispose);
        });
    }

    [Test]
    public void A_disposed_generator_is_refused()
    {
        var generator = new Generator(1);
        generator.Dispose();
        Assert.Throws<InvalidOperationException>(() => rand(3, generator: generator));
    }

    [Test]
    public void More_memory_than_there_is()
    {
        var error = Assert.Throws<ExternalException>(() => zeros(1L << 50));
        Assert.That(error!.Message, Does.Contain("allocate"));
    }

    [Test]
    public void A_size_beyond_64_bits() =>
        Assert.Throws<ExternalException>(() => zeros([long.MaxValue, long.MaxValue]));

    [Test]
    public void A_device_that_is_not_there()
    {
        if (cuda.is_available()) Assert.Ignore("This machine has a CUDA device, so asking for one is no error.");
        using var scope = NewDisposeScope();
        Assert.Throws<ExternalException>(() => ones(2).cuda());
        Assert.Throws<ExternalException>(() => zeros(2, device: CUDA));
    }

    [Test]
    public void An_exception_in_a_custom_forward_is_the_callers()
    {
        using var scope = NewDisposeScope();
        var input = ones(2, requires_grad: true);
        Assert.That(Assert.Throws<ArgumentException>(() => FailsForward.apply(input))!.Message, Is.EqualTo("forward says no"));
        Assert.That(is_grad_enabled(), Is.True, "the grad mode must be what it was");
    }

    [Test]
    public void An_exception_in_a_custom_backward_reaches_the_caller_with_its_cause()
    {
        using var scope = NewDisposeScope();
        var input = ones(2, requires_grad: true);
        var output = FailsBackward.apply(input).sum();
        var error = Assert.Throws<ExternalException>(() => output.backward());
        Assert.That(error!.Message, Does.Contain("backward says no"));
        Assert.That(error.InnerException, Is.TypeOf<ArgumentException>());
        Assert.That(input.grad, Is.Null);
    }

    [Test]
    public void A_custom_backward_that_returns_too_few_gradients()
    {
        using var scope = NewDisposeScope();
        var output = ReturnsNothing.apply(ones(2, requires_grad: true)).sum();
        Assert.That(Assert.Throws<ExternalException>(() => output.backward())!.Message, Does.Contain("0 gradients for 1 arguments"));
    }

    [Test]
    public void A_custom_backward_that_returns_a_wrong_shape()
    {
        using var scope = NewDisposeScope();
        var output = ReturnsWrongShape.apply(ones(2, requires_grad: true)).sum();
        Assert.Throws<ExternalException>(() => output.backward());
    }

    [Test]
    public void A_second_backward_says_what_to_do()
    {
        using var scope = NewDisposeScope();
        var output = Doubles.apply(ones(2, requires_grad: true)).sum();
        output.backward();
        Assert.That(Assert.Throws<ExternalException>(() => output.backward())!.Message, Does.Contain("second time"));
    }

    [Test]
    public void Backward_of_what_has_no_history() =>
        Assert.That(Assert.Throws<ExternalException>(() => { using var one = ones(1); one.backward(); })!.Message, Does.Contain("does not require grad"));

    [Test]
    public void An_index_out_of_range()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ExternalException>(() => _ = ones(3)[3]);
        Assert.Throws<ExternalException>(() => ones(3).index_select(0, tensor(new long[] { 5 })));
        Assert.Throws<ArgumentException>(() => _ = ones(3)[.., ..]);
    }

    [Test]
    public void An_item_of_another_type_or_of_many_elements()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => ones(1).item<double>());
        Assert.Throws<ArgumentException>(() => ones(2).item<float>());
    }

    [Test]
    public void Bytes_of_memory_that_is_not_in_one_piece()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<NotImplementedException>(() => _ = ones(3, 4).transpose(0, 1).bytes.Length);
    }

    [Test]
    public void In_place_on_a_leaf_that_wants_a_gradient()
    {
        using var scope = NewDisposeScope();
        Assert.That(Assert.Throws<ExternalException>(() => ones(2, requires_grad: true).add_(1))!.Message, Does.Contain("leaf"));
    }

    private sealed class FailsForward : autograd.SingleTensorFunction<FailsForward>
    {
        public override string Name => nameof(FailsForward);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => throw new ArgumentException("forward says no");

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    private sealed class FailsBackward : autograd.SingleTensorFunction<FailsBackward>
    {
        public override string Name => nameof(FailsBackward);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => throw new ArgumentException("backward says no");
    }

    private sealed class ReturnsNothing : autograd.SingleTensorFunction<ReturnsNothing>
    {
        public override string Name => nameof(ReturnsNothing);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [];
    }

    private sealed class ReturnsWrongShape : autograd.SingleTensorFunction<ReturnsWrongShape>
    {
        public override string Name => nameof(ReturnsWrongShape);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [zeros(7)];
    }

    private sealed class Doubles : autograd.SingleTensorFunction<Doubles>
    {
        public override string Name => nameof(Doubles);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            return x + x;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            _ = ctx.get_saved_variables();
            return [grad_output + grad_output];
        }
    }
}
