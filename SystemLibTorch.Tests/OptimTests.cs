using TorchSharp.Modules;

namespace SystemLibTorch.Tests;

/// <summary>Optimizers against closed forms, and against five steps of PyTorch 1.13's (the numbers were made with it).</summary>
public class OptimTests
{
    private static readonly TestCaseData[] fiveSteps =
    [
        Case("AdamW", p => optim.AdamW(p, 0.1, weight_decay: 0.01), 0.49683639144471325, -1.4955232239365903, 2.4878872699737604),
        Case("AdamW, AMSGrad", p => optim.AdamW(p, 0.1, 0.5, 0.6, amsgrad: true), 0.5010835821182876, -1.509544575218035, 2.502219483448708),
        Case(
            "SGD, Nesterov", p => optim.SGD(p, 0.05, momentum: 0.9, weight_decay: 0.1, nesterov: true),
            -0.2498338508157752, 0.05959321381620839, -1.4140284344366534),
        Case("SGD, dampened", p => optim.SGD(p, 0.05, momentum: 0.9, dampening: 0.5), 0.347685301810302, -0.46379410781512354, -0.7221386969305501),
    ];

    [TestCaseSource(nameof(fiveSteps))]
    public void Five_steps_are_PyTorchs(Func<Parameter[], OptimizerHelper> make, double[] expected)
    {
        using var parameter = nn.Parameter(tensor(new[] { 1.0, -2, 3 }));
        using var optimizer = make([parameter]);
        for (var i = 0; i < 5; i++) Train(parameter, optimizer);
        Assert.That(parameter.data<double>().ToArray(), Is.EqualTo(expected).Within(1e-14));
    }

    [Test]
    public void AdamWs_first_step_is_the_rate_in_the_gradients_direction()
    {
        using var parameter = nn.Parameter(tensor(new[] { 2.0, -3 }));
        using var optimizer = optim.AdamW([parameter], lr: 0.01, weight_decay: 0.5, eps: 0);
        parameter.grad = tensor(new[] { 7.0, -0.1 });
        optimizer.step();
        // the corrections make both means the gradient's own, so only its sign counts; the decay is beside it
        Assert.That(parameter.data<double>().ToArray(), Is.EqualTo(new[] { 2 * (1 - 0.005) - 0.01, -3 * (1 - 0.005) + 0.01 }).Within(1e-12));
    }

    [Test]
    public void Maximizing_climbs()
    {
        foreach (var make in new Func<Parameter[], OptimizerHelper>[]
            { p => optim.AdamW(p, maximize: true), p => optim.SGD(p, 0.1, maximize: true) })
        {
            using var parameter = nn.Parameter(zeros(1));
            using var optimizer = make([parameter]);
            parameter.grad = ones(1);
            optimizer.step();
            Assert.That(parameter.item<float>(), Is.Positive);
        }
    }

    [Test]
    public void Groups_have_rates_of_their_own()
    {
        using var a = nn.Parameter(zeros(1));
        using var b = nn.Parameter(zeros(1));
        using var optimizer = optim.SGD([new SGD.ParamGroup([a], lr: 1), new SGD.ParamGroup { Parameters = [b] }], 0.5);
        foreach (var parameter in new[] { a, b }) parameter.grad = ones(1);
        optimizer.step();
        Assert.That((a.item<float>(), b.item<float>()), Is.EqualTo((-1f, -0.5f)));
        foreach (var group in optimizer.ParamGroups) group.LearningRate = 2;
        optimizer.step();
        Assert.That((a.item<float>(), b.item<float>()), Is.EqualTo((-3f, -2.5f)));
        Assert.That(optimizer.ParamGroups.Select(group => group.InitialLearningRate), Is.EqualTo(new[] { 1, 0.5 }));
        Assert.That(optimizer.parameters(), Is.EqualTo(new[] { a, b }).Using<Parameter>(ReferenceEquals));
    }

    [Test]
    public void A_state_saved_and_loaded_goes_on_the_same_way([Values] bool file)
    {
        using var first = nn.Parameter(tensor(new[] { 1.0, -2, 3 }));
        using var one = optim.AdamW([first], 0.1, weight_decay: 0.01, amsgrad: true);
        for (var i = 0; i < 3; i++) Train(first, one);
        using var second = nn.Parameter(first.detach().clone());
        using var other = optim.AdamW([second], 0.7, amsgrad: true);
        if (file)
        {
            using var stream = new MemoryStream();
            one.save_state_dict(new BinaryWriter(stream));
            other.load_state_dict(new BinaryReader(new MemoryStream(stream.ToArray())));
        }
        else
        {
            other.load_state_dict(one.state_dict());
        }
        Assert.That(other.state_dict().State[0].ApproximatelyEquals(one.state_dict().State[0]), Is.True);
        for (var i = 0; i < 2; i++)
        {
            Train(first, one);
            Train(second, other);
        }
        Assert.That(second.data<double>().ToArray(), Is.EqualTo(first.data<double>().ToArray()));
        using var sgd = optim.SGD([second], 0.1);
        using var bytes = new MemoryStream();
        one.save_state_dict(new BinaryWriter(bytes));
        Assert.That(() => sgd.load_state_dict(new BinaryReader(new MemoryStream(bytes.ToArray()))), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void A_closure_is_run_with_gradients_and_its_loss_returned()
    {
        using var parameter = nn.Parameter(ones(1));
        using var optimizer = optim.SGD([parameter], 0.25);
        using var frozen = no_grad();
        using var loss = optimizer.step(() =>
        {
            using var scope = NewDisposeScope();
            var loss = (parameter * parameter).sum();
            loss.backward();
            return loss.MoveToOuterDisposeScope();
        });
        Assert.That((loss.item<float>(), parameter.item<float>()), Is.EqualTo((1f, 0.5f)));
        optimizer.zero_grad();
        using var grad = parameter.grad;
        Assert.That(grad!.item<float>(), Is.Zero);
    }

    [Test]
    public void An_optimizer_does_not_know_the_parameters_a_move_made()
    {
        using var layer = nn.Linear(2, 1);
        using var optimizer = optim.AdamW(layer.parameters());
        layer.to(ScalarType.Float64);
        Assert.That(() => optimizer.step(), Throws.InstanceOf<KeyNotFoundException>());
    }

    [Test]
    public void A_lambda_scales_the_first_rate()
    {
        using var parameter = nn.Parameter(ones(1));
        using var optimizer = optim.SGD([parameter], 2);
        var scheduler = optim.lr_scheduler.LambdaLR(optimizer, step => 1.0 / (step + 1));
        Assert.That(optimizer.ParamGroups.Single().LearningRate, Is.EqualTo(2));
        scheduler.step();
        Assert.That(optimizer.ParamGroups.Single().LearningRate, Is.EqualTo(1));
        Assert.That(scheduler.get_last_lr(), Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public void Options_are_checked() => Assert.Multiple(() =>
    {
        Parameter[] none = [];
        Assert.That(() => optim.AdamW(none, lr: -1), Throws.ArgumentException);
        Assert.That(() => optim.SGD(none, 0.1, nesterov: true), Throws.ArgumentException);
        Assert.That(((AdamW.Options)optim.AdamW(new[] { new AdamW.ParamGroup { Parameters = none } }).state_dict().Options[0]).weight_decay, Is.Zero);
    });

    [Test]
    public void Training_steps_leave_no_tensors()
    {
        manual_seed(3);
        using var net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.LayerNorm(8), nn.Dropout(0.1), nn.Linear(8, 1));
        foreach (var optimizer in new OptimizerHelper[]
        {
            optim.AdamW(net.parameters(), weight_decay: 0.1, amsgrad: true),
            optim.SGD(net.parameters(), 0.01, momentum: 0.9, nesterov: true),
        })
        {
            Step();
            var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            for (var i = 0; i < 3; i++) Step();
            Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(live));
            optimizer.Dispose();

            void Step()
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                nn.functional.mse_loss(net.call(randn(5, 4)), zeros(5, 1)).backward();
                _ = nn.utils.clip_grad_norm_(net.parameters(), 1);
                optimizer.step();
            }
        }
    }

    private static TestCaseData Case(string name, Func<Parameter[], OptimizerHelper> make, params double[] expected) =>
        new TestCaseData(make, expected).SetArgDisplayNames(name);

    private static void Train(Parameter parameter, OptimizerHelper optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        (parameter * parameter * tensor(new[] { 0.5, 1, 2 }) + parameter.sin()).sum().backward();
        optimizer.step();
    }
}
