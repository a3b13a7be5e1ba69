namespace SystemLibTorch.Tests;

/// <summary>Custom functions: values, what is saved, what has no gradient, and derivatives of derivatives.</summary>
public class CustomFunctionTests
{
    [Test]
    public void The_gradient_is_the_one_that_backward_returns()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, -2, 3 }, requires_grad: true);
        Cube.apply(x).sum().backward();
        Assert.That(x.grad!.data<double>().ToArray(), Is.EqualTo(new double[] { 3, 12, 27 }));
    }

    [Test]
    public void A_recorded_backward_can_be_differentiated_again()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, -2, 3 }, requires_grad: true);
        var first = autograd.grad([Cube.apply(x).sum()], [x], create_graph: true)[0];
        var second = autograd.grad([first.sum()], [x])[0];
        Assert.That(second.data<double>().ToArray(), Is.EqualTo(new double[] { 6, -12, 18 }));
    }

    [Test]
    public void A_graph_can_be_kept_for_a_second_backward()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var y = Cube.apply(x).sum();
        y.backward(retain_graph: true);
        y.backward();
        Assert.That(x.grad!.data<float>().ToArray(), Is.EqualTo(new float[] { 6, 6 }));
    }

    [Test]
    public void An_output_may_be_saved()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 0, 1 }, requires_grad: true);
        var y = Exponential.apply(x);
        y.sum().backward();
        Assert.That(x.grad!.data<double>().ToArray(), Is.EqualTo(new[] { 1, Math.E }).Within(1e-15));
    }

    [Test]
    public void Arguments_that_are_no_tensors_pass_through_and_data_is_kept()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var y = ones(2);
        Weighted.apply(x, 3.0, y).sum().backward();
        Assert.That(x.grad!.data<float>().ToArray(), Is.EqualTo(new float[] { 3, 3 }));
        Assert.That(y.grad, Is.Null);
    }

    [Test]
    public void Several_outputs_one_unused()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, 2, 3, 4 }, requires_grad: true);
        var halves = Halves.apply(x);
        halves[1].sum().backward();
        Assert.That(x.grad!.data<float>().ToArray(), Is.EqualTo(new float[] { 0, 0, 1, 1 }));
    }

    [Test]
    public void An_output_marked_as_constant_needs_no_gradient()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, 2 }, requires_grad: true);
        var outputs = WithConstant.apply(x);
        Assert.That(outputs[0].requires_grad, Is.True);
        Assert.That(outputs[1].requires_grad, Is.False);
    }

    [Test]
    public void A_dirty_input_is_changed_in_place_and_stays_in_the_graph()
    {
        using var scope = NewDisposeScope();
        var leaf = tensor(new float[] { 1, 2 }, requires_grad: true);
        var x = leaf + 0;
        var y = AddsOneInPlace.apply(x);
        y.sum().backward();
        Assert.That(x.data<float>().ToArray(), Is.EqualTo(new float[] { 2, 3 }));
        Assert.That(leaf.grad!.data<float>().ToArray(), Is.EqualTo(new float[] { 1, 1 }));
    }

    [Test]
    public void An_output_that_is_null_is_refused_and_the_process_lives()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        Assert.That(() => GivesNull.apply(x), Throws.InvalidOperationException.With.Message.Contains(nameof(GivesNull)));
        Cube.apply(x).sum().backward();
        Assert.That(x.grad!.data<float>().ToArray(), Is.EqualTo(new float[] { 3, 3 }));
    }

    [Test]
    public void Saved_tensors_are_refused_in_forward_and_once_the_graph_is_gone()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        Assert.That(() => AsksTooEarly.apply(x), Throws.InvalidOperationException.With.Message.Contains("backward"));
        KeepsItsContext.apply(x).Dispose();
        Assert.That(() => KeepsItsContext.Kept!.get_saved_variables(), Throws.InvalidOperationException.With.Message.Contains("graph is gone"));
    }

    [Test]
    public void Without_a_wish_for_gradients_nothing_is_recorded()
    {
        using var scope = NewDisposeScope();
        Assert.That(Cube.apply(ones(2)).requires_grad, Is.False);
        using (no_grad()) Assert.That(Cube.apply(ones(2, requires_grad: true)).requires_grad, Is.False);
    }

    [Test]
    public void Gradients_nobody_asked_for_are_null_when_not_materialised()
    {
        using var scope = NewDisposeScope();
        var x = ones(4, requires_grad: true);
        SeesNull.SawNull = false;
        SeesNull.apply(x)[0].sum().backward();
        Assert.That(SeesNull.SawNull, Is.True);
    }

    private sealed class Cube : autograd.SingleTensorFunction<Cube>
    {
        public override string Name => nameof(Cube);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            return x * x * x;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var x = ctx.get_saved_variables()[0];
            return [grad_output * x * x * 3];
        }
    }

    private sealed class Exponential : autograd.SingleTensorFunction<Exponential>
    {
        public override string Name => nameof(Exponential);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var y = ((Tensor)vars[0]).exp();
            ctx.save_for_backward([y]);
            return y;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output * ctx.get_saved_variables()[0]];
    }

    private sealed class Weighted : autograd.SingleTensorFunction<Weighted>
    {
        public override string Name => nameof(Weighted);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("weight", vars[1]);
            return (Tensor)vars[0] * (double)vars[1] + (Tensor)vars[2];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [grad_output * (double)ctx.get_data("weight"), null!, null!];
    }

    private sealed class Halves : autograd.MultiTensorFunction<Halves>
    {
        public override string Name => nameof(Halves);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars) =>
            [.. ((Tensor)vars[0]).chunk(2).Select(half => half.clone())];

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => [cat(grad_outputs)];
    }

    private sealed class WithConstant : autograd.MultiTensorFunction<WithConstant>
    {
        public override string Name => nameof(WithConstant);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            var constant = x.clone();
            ctx.mark_non_differentiable([constant]);
            return [x.clone(), constant];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => [grad_outputs[0]];
    }

    private sealed class AddsOneInPlace : autograd.SingleTensorFunction<AddsOneInPlace>
    {
        public override string Name => nameof(AddsOneInPlace);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            x.add_(1);
            ctx.mark_dirty([x]);
            return x;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    private sealed class SeesNull : autograd.MultiTensorFunction<SeesNull>
    {
        public static bool SawNull { get; set; }

        public override string Name => nameof(SeesNull);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.set_materialize_grads(false);
            return [((Tensor)vars[0]).clone(), ((Tensor)vars[0]).clone()];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            SawNull = grad_outputs[1] is null;
            return [grad_outputs[0]];
        }
    }

    private sealed class GivesNull : autograd.MultiTensorFunction<GivesNull>
    {
        public override string Name => nameof(GivesNull);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars) => [((Tensor)vars[0]).clone(), null!];

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => [grad_outputs[0]];
    }

    private sealed class AsksTooEarly : autograd.SingleTensorFunction<AsksTooEarly>
    {
        public override string Name => nameof(AsksTooEarly);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([(Tensor)vars[0]]);
            return ctx.get_saved_variables()[0].clone();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    private sealed class KeepsItsContext : autograd.SingleTensorFunction<KeepsItsContext>
    {
        public static autograd.AutogradContext? Kept { get; private set; }

        public override string Name => nameof(KeepsItsContext);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            Kept = ctx;
            ctx.save_for_backward([(Tensor)vars[0]]);
            return ((Tensor)vars[0]).clone();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output];
    }
}
