using TorchSharp.Modules;

namespace SystemLibTorch.Tests;

/// <summary>Layers against formulas written out, in float64.</summary>
public class NnLayerTests
{
    private DisposeScope scope = null!;

    [SetUp]
    public void Open()
    {
        manual_seed(1);
        scope = NewDisposeScope();
    }

    [TearDown]
    public void Close() => scope.Dispose();

    [Test]
    public void A_linear_layer_is_a_product_and_a_sum()
    {
        using var layer = nn.Linear(4, 3, dtype: ScalarType.Float64);
        var x = randn([2, 4], ScalarType.Float64);
        AssertSame(layer.call(x), x.matmul(layer.weight.transpose(0, 1)) + layer.bias!);
        Assert.That(layer.weight.abs().max().item<double>(), Is.LessThanOrEqualTo(1 / Math.Sqrt(4)));
        using var bare = nn.Linear(4, 3, hasBias: false);
        Assert.That(bare.bias, Is.Null);
        Assert.That(bare.state_dict().Keys, Is.EqualTo(new[] { "weight" }));
    }

    [TestCase(PaddingModes.Zeros)]
    [TestCase(PaddingModes.Reflect)]
    [TestCase(PaddingModes.Replicate)]
    [TestCase(PaddingModes.Circular)]
    public void A_convolution_sums_over_its_kernel(PaddingModes mode)
    {
        using var layer = nn.Conv1d(2, 4, 3, stride: 2, padding: 2, dilation: 2, padding_mode: mode, groups: 2, dtype: ScalarType.Float64);
        var x = randn([1, 2, 9], ScalarType.Float64);
        var padded = nn.functional.pad(x, (2, 2), mode == PaddingModes.Zeros ? PaddingModes.Constant : mode);
        var y = layer.call(x);
        Assert.That(y.shape, Is.EqualTo(new long[] { 1, 4, 5 }));
        for (var channel = 0; channel < 4; channel++)
        {
            for (var at = 0; at < 5; at++)
            {
                var sum = layer.bias![channel].item<double>();
                for (var tap = 0; tap < 3; tap++)
                    sum += layer.weight[channel, 0, tap].item<double>() * padded[0, channel / 2, 2 * at + 2 * tap].item<double>();
                Assert.That(y[0, channel, at].item<double>(), Is.EqualTo(sum).Within(1e-12));
            }
        }
    }

    [Test]
    public void Padding_by_name_keeps_the_size()
    {
        using var same = nn.Conv1d(1, 1, 5, Padding.Same);
        using var valid = nn.Conv2d(1, 1, (3, 2), Padding.Valid);
        using var reflected = nn.Conv2d(1, 1, 3, Padding.Same, padding_mode: PaddingModes.Reflect);
        Assert.That(same.call(randn(1, 1, 7)).shape, Is.EqualTo(new long[] { 1, 1, 7 }));
        Assert.That(valid.call(randn([1, 1, 7, 7])).shape, Is.EqualTo(new long[] { 1, 1, 5, 6 }));
        Assert.That(reflected.call(randn([1, 1, 7, 6])).shape, Is.EqualTo(new long[] { 1, 1, 7, 6 }));
        Assert.That(() => nn.Conv1d(1, 1, 3, Padding.Same, stride: 2), Throws.ArgumentException);
        Assert.That(() => same.call(randn(1, 2, 7)), Throws.ArgumentException);
    }

    [Test]
    public void Reflection_repeats_the_inner_samples()
    {
        var x = tensor(new float[] { 1, 2, 3 }).view(1, 1, 3);
        float[] Padded(PaddingModes mode) => nn.functional.pad(x, (2, 1), mode).data<float>().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(Padded(PaddingModes.Reflect), Is.EqualTo(new float[] { 3, 2, 1, 2, 3, 2 }));
            Assert.That(Padded(PaddingModes.Replicate), Is.EqualTo(new float[] { 1, 1, 1, 2, 3, 3 }));
            Assert.That(Padded(PaddingModes.Circular), Is.EqualTo(new float[] { 2, 3, 1, 2, 3, 1 }));
            Assert.That(Padded(PaddingModes.Zeros), Is.EqualTo(new float[] { 0, 0, 1, 2, 3, 0 }));
            Assert.That(nn.functional.pad(x, (1, 0), value: 7).data<float>().ToArray(), Is.EqualTo(new float[] { 7, 1, 2, 3 }));
            Assert.That(nn.functional.pad(x, 1).shape, Is.EqualTo(new long[] { 3, 3, 5 }), "one number pads every dimension");
        });
    }

    [Test]
    public void Layer_normalization_has_mean_zero_and_deviation_one()
    {
        using var layer = nn.LayerNorm(8, dtype: ScalarType.Float64);
        var x = randn([5, 8], ScalarType.Float64) * 3 + 7;
        var mean = x.mean([1], true);
        var variance = ((x - mean) * (x - mean)).mean([1], true);
        AssertSame(layer.call(x), (x - mean) / (variance + 1e-5).sqrt());
        using var bare = nn.LayerNorm([5, 8], elementwise_affine: false);
        Assert.That(bare.parameters(), Is.Empty);
    }

    [Test]
    public void Batch_normalization_learns_its_statistics_in_training_alone()
    {
        using var layer = nn.BatchNorm1d(3, dtype: ScalarType.Float64);
        var x = randn([10, 3], ScalarType.Float64) * 2 + 5;
        _ = layer.call(x);
        AssertSame(layer.running_mean!, x.mean([0]) * 0.1);
        var deviation = x - x.mean([0]);
        AssertSame(layer.running_var!, (deviation * deviation).sum([0]) / 9 * 0.1 + 0.9);
        Assert.That(layer.num_batches_tracked!.ToInt64(), Is.EqualTo(1));
        layer.eval();
        AssertSame(layer.call(x), (x - layer.running_mean!) / (layer.running_var! + 1e-5).sqrt());
        Assert.That(layer.num_batches_tracked!.ToInt64(), Is.EqualTo(1));
        Assert.That(() => layer.call(ones(1)), Throws.ArgumentException);
    }

    [Test]
    public void Dropout_scales_what_it_keeps_in_training_alone()
    {
        using var layer = nn.Dropout(0.25);
        var y = layer.call(ones(10_000));
        var kept = y.ne(0).to(ScalarType.Float64).mean().item<double>();
        Assert.That(kept, Is.EqualTo(0.75).Within(0.03));
        Assert.That(y.max().item<float>(), Is.EqualTo(1 / 0.75f).Within(1e-6));
        layer.eval();
        Assert.That(layer.call(ones(100)).Equals(ones(100)), Is.True);
    }

    [Test]
    public void An_embedding_does_not_train_its_padding()
    {
        using var layer = nn.Embedding(5, 3, padding_idx: -5);
        Assert.That(layer.weight![0].abs().sum().item<float>(), Is.Zero);
        var y = layer.call(tensor(new long[] { 0, 2, 2 }));
        Assert.That(y[1].Equals(layer.weight![2]), Is.True);
        y.sum().backward();
        Assert.That(layer.weight!.grad!.sum(1).data<float>().ToArray(), Is.EqualTo(new float[] { 0, 0, 6, 0, 0 }));
        Assert.That(() => nn.Embedding(5, 3, padding_idx: 5), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Activations_are_their_formulas()
    {
        var x = randn([4, 6], ScalarType.Float64);
        AssertSame(nn.ReLU().call(x), x.clamp(min: 0));
        AssertSame(nn.LeakyReLU(0.2).call(x), where(x.gt(0), x, x * 0.2));
        AssertSame(nn.GELU().call(x), x * 0.5 * (erf(x / Math.Sqrt(2)) + 1));
        AssertSame(nn.SiLU().call(x), x / ((-x).exp() + 1));
        AssertSame(nn.Sigmoid().call(x), ((-x).exp() + 1).reciprocal());
        AssertSame(nn.Tanh().call(x), (x.exp() - (-x).exp()) / (x.exp() + (-x).exp()));
        AssertSame(nn.GLU().call(x), x[.., ..3] * x[.., 3..].sigmoid());
        AssertSame(nn.Softmax(1).call(x), x.exp() / x.exp().sum(1, true));
        AssertSame(nn.LogSoftmax(0).call(x), x - x.exp().sum(0, true).log());
        var written = x.clone();
        using (var result = nn.ReLU(inplace: true).call(written)) Assert.That(result, Is.Not.SameAs(written));
        AssertSame(written, x.clamp(min: 0));
    }

    [TestCase(1, false, false)]
    [TestCase(2, true, false)]
    [TestCase(2, false, true)]
    public void An_lstm_is_its_equations(long layers, bool bidirectional, bool batchFirst)
    {
        using var lstm = nn.LSTM(3, 4, layers, batchFirst: batchFirst, bidirectional: bidirectional, dtype: ScalarType.Float64);
        var directions = bidirectional ? 2 : 1;
        var x = randn([5, 2, 3], ScalarType.Float64);
        var h0 = randn([layers * directions, 2, 4], ScalarType.Float64);
        var c0 = randn([layers * directions, 2, 4], ScalarType.Float64);
        var (y, h, c) = lstm.call(batchFirst ? x.transpose(0, 1) : x, (h0, c0));
        var (wantedY, wantedH, wantedC) = Naive(lstm, x, h0, c0, layers, directions);
        AssertSame(batchFirst ? y.transpose(0, 1) : y, wantedY);
        AssertSame(h, wantedH);
        AssertSame(c, wantedC);

        var (fromZeros, _, _) = lstm.call(batchFirst ? x.transpose(0, 1) : x);
        AssertSame(batchFirst ? fromZeros.transpose(0, 1) : fromZeros, Naive(lstm, x, zeros_like(h0), zeros_like(c0), layers, directions).Item1);
    }

    [Test]
    public void An_lstms_weights_are_named_as_PyTorchs()
    {
        using var lstm = nn.LSTM(3, 4, 2, bidirectional: true);
        var expected = from layer in new[] { 0, 1 }
                       from direction in new[] { "", "_reverse" }
                       from part in new[] { "weight_ih", "weight_hh", "bias_ih", "bias_hh" }
                       select $"{part}_l{layer}{direction}";
        Assert.That(lstm.state_dict().Keys, Is.EqualTo(expected));
        Assert.That(lstm.get_parameter("weight_ih_l1")!.shape, Is.EqualTo(new long[] { 16, 8 }));
        using var moved = lstm.to(ScalarType.Float64);
        Assert.That(moved.call(randn([2, 1, 3], ScalarType.Float64)).Item1.dtype, Is.EqualTo(ScalarType.Float64));
        Assert.That(lstm.parameters().Max(parameter => parameter.abs().max().item<double>()), Is.LessThanOrEqualTo(0.5));
    }

    [Test]
    public void Packed_sequences_end_at_their_own_length()
    {
        using var lstm = nn.LSTM(3, 4, dtype: ScalarType.Float64);
        var x = randn([5, 3, 3], ScalarType.Float64);
        long[] lengths = [2, 5, 3];
        var packed = nn.utils.rnn.pack_padded_sequence(x, tensor(lengths), enforce_sorted: false);
        Assert.That(packed.batch_sizes.data<long>().ToArray(), Is.EqualTo(new long[] { 3, 3, 2, 1, 1 }));
        var (output, h, _) = lstm.call(packed);
        var (padded, sizes) = nn.utils.rnn.pad_packed_sequence(output, padding_value: 9);
        Assert.That(sizes.data<long>().ToArray(), Is.EqualTo(lengths));
        for (var b = 0; b < 3; b++)
        {
            var (alone, last, _) = lstm.call(x.narrow(1, b, 1).narrow(0, 0, lengths[b]));
            AssertSame(padded.narrow(1, b, 1).narrow(0, 0, lengths[b]), alone);
            AssertSame(h.narrow(1, b, 1), last);
            if (lengths[b] < 5) Assert.That(padded[4, b, 0].item<double>(), Is.EqualTo(9));
        }
        var sorted = nn.utils.rnn.pack_sequence([ones(3, 1), ones(2, 1)]);
        Assert.That(sorted.sorted_indices.IsInvalid, Is.True);
        Assert.That(nn.utils.rnn.pad_sequence([ones(1), ones(3)], true, -1).data<float>().ToArray(), Is.EqualTo(new float[] { 1, -1, -1, 1, 1, 1 }));
    }

    [Test]
    public void Heads_attend_as_scaled_dot_products([Values] bool boolMask, [Values] bool ownSizes)
    {
        using var layer = (ownSizes ? nn.MultiheadAttention(8, 2, kdim: 5, vdim: 6) : nn.MultiheadAttention(8, 2)).to(ScalarType.Float64);
        Tensor Own(string name) => layer.get_parameter(name)!;
        var q = randn([3, 2, 8], ScalarType.Float64);
        var k = randn([4, 2, ownSizes ? 5 : 8], ScalarType.Float64);
        var v = randn([4, 2, ownSizes ? 6 : 8], ScalarType.Float64);
        var hidden = tensor(new[,] { { false, false, true, false }, { false, true, false, false }, { false, false, false, true } });
        var padding = tensor(new[,] { { false, false, false, false }, { false, false, false, true } });
        var mask = boolMask ? hidden : zeros([3, 4], ScalarType.Float64).masked_fill(hidden, double.NegativeInfinity);
        var (output, weights) = layer.call(q, k, v, padding, true, mask);

        Tensor Part(Tensor x, int part, string own)
        {
            var weight = ownSizes ? Own(own) : Own("in_proj_weight").narrow(0, 8 * part, 8);
            var y = nn.functional.linear(x, weight, Own("in_proj_bias").narrow(0, 8 * part, 8));
            return y.view(x.size(0), 2, 2, 4).permute(1, 2, 0, 3);
        }
        var visible = hidden.logical_not().view(1, 1, 3, 4).logical_and(padding.logical_not().view(2, 1, 1, 4));
        var seen = nn.functional.scaled_dot_product_attention(Part(q, 0, "q_proj_weight"), Part(k, 1, "k_proj_weight"), Part(v, 2, "v_proj_weight"), visible);
        AssertSame(output, nn.functional.linear(seen.permute(2, 0, 1, 3).reshape(3, 2, 8), Own("out_proj.weight"), Own("out_proj.bias")));
        AssertSame(weights.sum(-1), ones([2, 3], ScalarType.Float64));
        Assert.That(weights[1].narrow(1, 3, 1).abs().max().item<double>(), Is.Zero);
        Assert.That(layer.call(q, k, v, need_weights: false).Item2.IsInvalid, Is.True);
    }

    [Test]
    public void Extra_keys_always_take_part()
    {
        using var layer = nn.MultiheadAttention(4, 2, add_bias_kv: true, add_zero_attn: true);
        var x = randn(3, 1, 4);
        var (output, weights) = layer.call(x, x, x, ones([1, 3], ScalarType.Bool), true, ones([3, 3], ScalarType.Bool));
        Assert.That(weights.shape, Is.EqualTo(new long[] { 1, 3, 5 }));
        Assert.That(weights.narrow(2, 0, 3).abs().max().item<float>(), Is.Zero);
        Assert.That(output.isfinite().all().item<bool>(), Is.True);
    }

    private static (Tensor, Tensor, Tensor) Naive(LSTM lstm, Tensor x, Tensor h0, Tensor c0, long layers, int directions)
    {
        var states = new Tensor[layers * directions];
        var memories = new Tensor[layers * directions];
        var input = x.unbind(0);
        for (var layer = 0; layer < layers; layer++)
        {
            var outputs = new Tensor[directions][];
            for (var direction = 0; direction < directions; direction++)
            {
                var suffix = $"_l{layer}" + (direction == 1 ? "_reverse" : "");
                Tensor Own(string part) => lstm.get_parameter(part + suffix)!;
                var at = layer * directions + direction;
                var (h, c) = (h0[at], c0[at]);
                outputs[direction] = new Tensor[input.Length];
                for (var step = 0; step < input.Length; step++)
                {
                    var t = direction == 0 ? step : input.Length - 1 - step;
                    var gates = (input[t].matmul(Own("weight_ih").t()) + Own("bias_ih") + h.matmul(Own("weight_hh").t()) + Own("bias_hh")).chunk(4, 1);
                    c = gates[1].sigmoid() * c + gates[0].sigmoid() * gates[2].tanh();
                    h = gates[3].sigmoid() * c.tanh();
                    outputs[direction][t] = h;
                }
                (states[at], memories[at]) = (h, c);
            }
            input = [.. Enumerable.Range(0, input.Length).Select(t => directions == 1 ? outputs[0][t] : cat([outputs[0][t], outputs[1][t]], 1))];
        }
        return (stack(input), stack(states), stack(memories));
    }

    internal static void AssertSame(Tensor actual, Tensor expected, double within = 1e-12)
    {
        Assert.That(actual.shape, Is.EqualTo(expected.shape));
        Assert.That((actual - expected).abs().max().ToDouble(), Is.LessThanOrEqualTo(within));
    }
}
