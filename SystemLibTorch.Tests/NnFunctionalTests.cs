using static SystemLibTorch.Tests.NnLayerTests;

namespace SystemLibTorch.Tests;

/// <summary>nn.functional, nn.init and nn.utils.</summary>
public class NnFunctionalTests
{
    private DisposeScope scope = null!;

    [SetUp]
    public void Open()
    {
        manual_seed(2);
        scope = NewDisposeScope();
    }

    [TearDown]
    public void Close() => scope.Dispose();

    [Test]
    public void Attention_is_a_softmax_of_scaled_products([Values] bool boolMask)
    {
        var (q, k, v) = (randn([2, 3, 4], ScalarType.Float64), randn([2, 5, 4], ScalarType.Float64), randn([2, 5, 6], ScalarType.Float64));
        var allowed = rand(3, 5).gt(0.3);
        allowed[TensorIndex.Colon, 0] = tensor(true);
        var added = zeros([3, 5], ScalarType.Float64).masked_fill(allowed.logical_not(), double.NegativeInfinity);
        var expected = (q.matmul(k.transpose(1, 2)) / 2 + added).softmax(-1).matmul(v);
        AssertSame(nn.functional.scaled_dot_product_attention(q, k, v, boolMask ? allowed : added), expected);
    }

    [Test]
    public void Causal_attention_sees_nothing_later()
    {
        var (q, k, v) = (randn([3, 4], ScalarType.Float64), randn([5, 4], ScalarType.Float64), randn([5, 6], ScalarType.Float64));
        var allowed = ones([3, 5], ScalarType.Bool).tril();
        AssertSame(
            nn.functional.scaled_dot_product_attention(q, k, v, is_casual: true), nn.functional.scaled_dot_product_attention(q, k, v, allowed));
    }

    [Test]
    public void A_query_that_may_see_nothing_gives_zeros_and_no_gradient([Values] bool boolMask)
    {
        var q = randn([3, 4], ScalarType.Float64, requires_grad: true);
        var k = randn([5, 4], ScalarType.Float64, requires_grad: true);
        var v = randn([5, 6], ScalarType.Float64, requires_grad: true);
        var allowed = ones([3, 5], ScalarType.Bool);
        allowed[1] = zeros([5], ScalarType.Bool);
        var mask = boolMask ? allowed : zeros([3, 5], ScalarType.Float64).masked_fill(allowed.logical_not(), double.NegativeInfinity);
        var y = nn.functional.scaled_dot_product_attention(q, k, v, mask);
        Assert.That(y[1].abs().max().item<double>(), Is.Zero);
        y.sin().sum().backward();
        Assert.That(q.grad![1].abs().max().item<double>(), Is.Zero);

        // the other queries are as if this one were not there
        var (q2, k2, v2) = (q.detach()[tensor(new long[] { 0, 2 })].requires_grad_(), k.detach().requires_grad_(), v.detach().requires_grad_());
        nn.functional.scaled_dot_product_attention(q2, k2, v2).sin().sum().backward();
        AssertSame(k.grad!, k2.grad!);
        AssertSame(v.grad!, v2.grad!);
        AssertSame(q.grad![2], q2.grad![1]);
    }

    [Test]
    public void Attention_refuses_a_mask_of_another_type()
    {
        var x = randn(3, 4);
        Assert.That(() => nn.functional.scaled_dot_product_attention(x, x, x, zeros([3, 3], ScalarType.Float64)), Throws.Exception);
        Assert.That(() => nn.functional.scaled_dot_product_attention(x, x, x, zeros([3, 3]), is_casual: true), Throws.Exception);
    }

    [Test]
    public void Attention_leaves_only_its_result()
    {
        var (x, mask) = (randn(3, 4), ones([3, 3], ScalarType.Bool));
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        nn.functional.scaled_dot_product_attention(x, x, x, mask).Dispose();
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(live));
    }

    [Test]
    public void Losses_are_their_formulas()
    {
        var logits = randn([4, 5], ScalarType.Float64);
        var classes = tensor(new long[] { 0, 3, 4, 1 });
        var picked = logits.log_softmax(1).gather(1, classes.unsqueeze(1)).squeeze(1);
        AssertSame(nn.functional.cross_entropy(logits, classes), -picked.mean());
        AssertSame(nn.functional.nll_loss(logits.log_softmax(1), classes, reduction: nn.Reduction.None), -picked);
        AssertSame(nn.CrossEntropyLoss(ignore_index: 3, reduction: nn.Reduction.Sum).call(logits, classes), -(picked.sum() - picked[1]));
        var (a, b) = (logits[0], logits[1]);
        AssertSame(nn.MSELoss().call(a, b), ((a - b) * (a - b)).mean());
        AssertSame(nn.L1Loss(nn.Reduction.Sum).call(a, b), (a - b).abs().sum());
        var target = rand([5], ScalarType.Float64);
        AssertSame(
            nn.functional.binary_cross_entropy_with_logits(a, target),
            -(target * a.sigmoid().log() + (1 - target) * (1 - a.sigmoid()).log()).mean());
    }

    [Test]
    public void Ctc_sums_over_alignments()
    {
        // two frames, one label: label-label, label-blank, blank-label
        var p = randn([2, 1, 3], ScalarType.Float64).softmax(2);
        double At(long t, long c) => p[t, 0, c].item<double>();
        var total = At(0, 1) * At(1, 1) + At(0, 1) * At(1, 0) + At(0, 0) * At(1, 1);
        var loss = nn.functional.ctc_loss(p.log(), tensor(new long[,] { { 1 } }), tensor(new long[] { 2 }), tensor(new long[] { 1 }));
        Assert.That(loss.item<double>(), Is.EqualTo(-Math.Log(total)).Within(1e-12));
        Assert.That(
            nn.CTCLoss(zero_infinity: true).call(p.log(), tensor(new long[,] { { 1, 1, 2 } }), tensor(new long[] { 2 }), tensor(new long[] { 3 })).item<double>(),
            Is.Zero);
    }

    [Test]
    public void Interpolation_finds_values_between()
    {
        var x = tensor(new float[] { 0, 1, 2 }).view(1, 1, 3);
        float[] At(InterpolationMode mode, bool? corners = null) => nn.functional.interpolate(x, [5], mode: mode, align_corners: corners).data<float>().ToArray();
        Assert.That(At(InterpolationMode.Linear, true), Is.EqualTo(new[] { 0, 0.5f, 1, 1.5f, 2 }).Within(1e-6));
        Assert.That(At(InterpolationMode.Nearest), Is.EqualTo(new float[] { 0, 0, 1, 1, 2 }));
        var image = arange(4, dtype: ScalarType.Float32).view(1, 1, 2, 2);
        var large = nn.functional.interpolate(image, scale_factor: [1.5, 1.5], mode: InterpolationMode.Bicubic, align_corners: true);
        Assert.That(large.shape, Is.EqualTo(new long[] { 1, 1, 3, 3 }));
        Assert.That(large[0, 0, 1, 1].item<float>(), Is.EqualTo(1.5).Within(1e-6));
        Assert.That(nn.functional.interpolate(image, [1, 1], mode: InterpolationMode.Area).item<float>(), Is.EqualTo(1.5));
        Assert.That(() => nn.functional.interpolate(x, [5], [2]), Throws.ArgumentException);
        Assert.That(() => nn.functional.interpolate(x, [5], mode: InterpolationMode.Bilinear), Throws.ArgumentException);
    }

    [Test]
    public void One_hot_marks_the_class() =>
        Assert.That(nn.functional.one_hot(tensor(new long[] { 1, 0 }), 3).data<long>().ToArray(), Is.EqualTo(new long[] { 0, 1, 0, 1, 0, 0 }));

    [Test]
    public void First_values_have_the_spread_they_are_named_for()
    {
        var weight = empty(300, 200);
        double Deviation(Tensor drawn) => drawn.std().ToDouble();
        Assert.Multiple(() =>
        {
            Assert.That(Deviation(nn.init.xavier_uniform_(weight)), Is.EqualTo(Math.Sqrt(2.0 / 500)).Within(1e-3));
            Assert.That(Deviation(nn.init.kaiming_uniform_(weight)), Is.EqualTo(Math.Sqrt(2.0 / 200)).Within(1e-3));
            Assert.That(
                Deviation(nn.init.kaiming_normal_(weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.Linear)),
                Is.EqualTo(Math.Sqrt(1.0 / 300)).Within(1e-3));
            Assert.That(nn.init.CalculateFanInAndFanOut(empty([2, 3, 5])), Is.EqualTo((15L, 10L)));
            Assert.That(nn.init.uniform_(weight, 2, 3).min().item<float>(), Is.GreaterThanOrEqualTo(2));
            Assert.That(nn.init.constant_(weight, 4).max().item<float>(), Is.EqualTo(4));
            Assert.That(nn.init.zeros_(weight), Is.SameAs(weight));
        });
        foreach (var shape in new long[][] { [3, 5], [5, 3], [4, 2, 2] })
        {
            var q = nn.init.orthogonal_(empty(shape, ScalarType.Float64), 2).view(shape[0], -1);
            var small = Math.Min(q.size(0), q.size(1));
            var product = (q.size(0) <= q.size(1) ? q.matmul(q.t()) : q.t().matmul(q)) - eye(small, dtype: ScalarType.Float64) * 4;
            Assert.That(product.abs().max().item<double>(), Is.LessThan(1e-5), "drawn in float32");
        }
    }

    [Test]
    public void Clipping_scales_all_gradients_together()
    {
        using var a = nn.Parameter(zeros(2));
        using var b = nn.Parameter(zeros(1));
        using var frozen = nn.Parameter(zeros(1));
        a.grad = tensor(new float[] { 3, 0 });
        b.grad = tensor(new float[] { 4 });
        Assert.That(nn.utils.clip_grad_norm_([a, b, frozen], 10), Is.EqualTo(5));
        Assert.That(b.grad!.item<float>(), Is.EqualTo(4));
        Assert.That(nn.utils.clip_grad_norm_([a, b, frozen], 1), Is.EqualTo(5));
        Assert.That(b.grad!.item<float>(), Is.EqualTo(0.8f).Within(1e-6));
        Assert.That(nn.utils.clip_grad_norm_([a, b], 1, double.PositiveInfinity), Is.EqualTo(0.8).Within(1e-6));
        nn.utils.clip_grad_value_([a, b, frozen], 0.5);
        Assert.That(b.grad!.item<float>(), Is.EqualTo(0.5f));
        b.grad = tensor(new[] { float.NaN });
        Assert.That(nn.utils.clip_grad_norm_([a, b], 1), Is.NaN);
        Assert.That(float.IsNaN(a.grad![1].item<float>()), Is.True);
    }

    [Test]
    public void Enums_are_TorchSharps_numbers() => Assert.Multiple(() =>
    {
        Assert.That(Enum.GetValues<nn.Reduction>().Select(value => (long)value), Is.EqualTo(new long[] { 0, 1, 2 }));
        Assert.That((long)nn.Reduction.Mean, Is.EqualTo(1));
        Assert.That((int)InterpolationMode.NearestExact, Is.EqualTo(6));
        Assert.That((int)nn.init.NonlinearityType.LeakyReLU, Is.EqualTo(10));
        Assert.That((int)PaddingModes.Circular, Is.EqualTo(3));
    });
}
