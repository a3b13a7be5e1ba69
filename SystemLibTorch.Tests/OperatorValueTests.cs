namespace SystemLibTorch.Tests;

/// <summary>Known answers of operations whose arguments this binding orders, translates or completes.</summary>
public class OperatorValueTests
{
    private static Tensor Row => tensor([1.0, 2.0, 3.0, 4.0]);

    private static Tensor Matrix => tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [2, 3]);

    private static Tensor Signs => tensor([-1.5, -0.5, 0.5, 1.5, 2.5]);

    private static IEnumerable<TestCaseData> Cases()
    {
        // arithmetic
        yield return Case("add with alpha", () => Row.add(Row, 10.0), 11, 22, 33, 44);
        yield return Case("add a number with alpha", () => Row.add(1.0, 10.0), 11, 12, 13, 14);
        yield return Case("in place", () => Row.add_(1).mul_(2).sub_(Row).div_(2.0), 1.5, 2, 2.5, 3);
        yield return Case("div truncates", () => Signs.div(1.0, RoundingMode.trunc), -1, 0, 0, 1, 2);
        yield return Case("div floors", () => Signs.div(ones_like(Signs), RoundingMode.floor), -2, -1, 0, 1, 2);
        yield return Case("div_ floors", () => Signs.div_(1.0, RoundingMode.floor), -2, -1, 0, 1, 2);
        yield return Case("floor_divide", () => Signs.floor_divide(1.0), -2, -1, 0, 1, 2);
        yield return Case("remainder has the divisor's sign", () => Signs.remainder(2.0), 0.5, 1.5, 0.5, 1.5, 0.5);
        yield return Case("fmod has the dividend's sign", () => Signs.fmod(2.0), -1.5, -0.5, 0.5, 1.5, 0.5);
        yield return Case("% is remainder", () => Signs % 2, 0.5, 1.5, 0.5, 1.5, 0.5);
        yield return Case("number - tensor", () => 10 - Row, 9, 8, 7, 6);
        yield return Case("number / tensor", () => 12.0 / Row, 12, 6, 4, 3);
        yield return Case("Scalar - tensor", () => ((Scalar)10.0) - Row, 9, 8, 7, 6);
        yield return Case("unary minus", () => -Row, -1, -2, -3, -4);
        yield return Case("addcmul", () => Row.addcmul(Row, Row, 2.0), 3, 10, 21, 36);
        yield return Case("addcdiv", () => Row.addcdiv(Row, Row), 2, 3, 4, 5);
        yield return Case("lerp", () => Row.lerp(zeros_like(Row), full_like(Row, 0.5)), 0.5, 1, 1.5, 2);
        yield return Case("nan_to_num", () => tensor([double.NaN, double.PositiveInfinity]).nan_to_num(1, 2), 1, 2);
        yield return Case("round, halves to even", () => Signs.round(), -2, 0, 0, 2, 2);
        yield return Case("round to decimals", () => tensor([1.25, 1.35]).round(1), 1.2, 1.4);
        yield return Case("clamp by numbers", () => Signs.clamp(min: -1.0, max: 2.0), -1, -0.5, 0.5, 1.5, 2);
        yield return Case("clamp from below", () => Signs.clamp(min: 0.0), 0, 0, 0.5, 1.5, 2.5);
        yield return Case("clamp by tensors", () => Signs.clamp(max: zeros_like(Signs)), -1.5, -0.5, 0, 0, 0);
        yield return Case("clamp_max_", () => Signs.clamp_max_(0.0), -1.5, -0.5, 0, 0, 0);
        yield return Case("xlogy", () => tensor([0.0, 1.0]).xlogy(tensor([0.0, Math.E])), 0, 1);
        yield return Case("pow", () => Row.pow(2.0), 1, 4, 9, 16);
        yield return Case("atan2", () => tensor([1.0]).atan2(tensor([-1.0])), 0.75 * Math.PI);

        // comparison and logic
        yield return Case("==", () => Row == 2.0, 0, 1, 0, 0);
        yield return Case("number < tensor", () => ((Scalar)2.0) < Row, 0, 0, 1, 1);
        yield return Case("tensor >= tensor", () => Row >= Row.flip(0), 0, 0, 1, 1);
        yield return Case("equal, element by element", () => Row.equal(Row.flip(0)), 0, 0, 0, 0);
        yield return Case("& | ^ ~", () => ((Row > 1) & (Row < 4)) | ((Row < 2) ^ ~(Row < 2)), 1, 1, 1, 1);
        yield return Case("isclose", () => Row.isclose(Row + 1e-3, rtol: 0, atol: 1e-2), 1, 1, 1, 1);
        yield return Case("isin", () => Row.isin(tensor([2.0, 9.0])), 0, 1, 0, 0);

        // reduction
        yield return Case("sum along a dimension", () => Matrix.sum(1), 6, 15);
        yield return Case("sum along two", () => Matrix.sum(0, 1), 21);
        yield return Case("sum along a list, kept", () => Matrix.sum([0L], keepdim: true), 5, 7, 9);
        yield return Case("sum of truth values", () => (Matrix > 2).sum(), 4);
        yield return Case("sum as a type", () => (Matrix > 2).sum(1, type: float64), 1, 3);
        yield return Case("mean along a dimension", () => Matrix.mean([1]), 2, 5);
        yield return Case("mean as a type", () => Matrix.to(int64).mean([0, 1], type: float64), 3.5);
        yield return Case("std", () => Matrix.std(1L, unbiased: false), Math.Sqrt(2.0 / 3), Math.Sqrt(2.0 / 3));
        yield return Case("unbiased var", () => Matrix.var(1L), 1, 1);
        yield return Case("var along a pair", () => Matrix.var((0L, 1L), unbiased: false), 35.0 / 12);
        yield return Case("std_mean", () => { var (std, mean) = Matrix.std_mean(1L); return cat([std, mean]); }, 1, 1, 2, 5);
        yield return Case("norm", () => tensor([3.0, 4.0]).norm(), 5);
        yield return Case("norm along a dimension", () => Matrix.norm(1, false, 1), 6, 15);
        yield return Case("logsumexp", () => zeros(2, 4, dtype: float64).logsumexp(1), Math.Log(4), Math.Log(4));
        yield return Case("max along a dimension", () => { var (values, indices) = Matrix.max(1); return cat([values, indices.to(float64)]); }, 3, 6, 2, 2);
        yield return Case("max of two", () => Row.max(Row.flip(0)), 4, 3, 3, 4);
        yield return Case("amax", () => Matrix.amax(0, 1), 6);
        yield return Case("amin, kept", () => Matrix.amin([1], keepdim: true), 1, 4);
        yield return Case("argmax of all", () => Matrix.argmax(), 5);
        yield return Case("argmin along a dimension", () => Matrix.argmin(0), 0, 0, 0);
        yield return Case("median", () => Row.median(), 2);
        yield return Case("quantile", () => Row.quantile(tensor([0.5])), 2.5);
        yield return Case("any", () => (Matrix > 3).any(1), 0, 1);
        yield return Case("count_nonzero", () => (Matrix > 3).count_nonzero([1]), 0, 3);
        yield return Case("cumsum", () => Matrix.cumsum(1), 1, 3, 6, 4, 9, 15);
        yield return Case("logcumsumexp", () => zeros(3, dtype: float64).logcumsumexp(0), 0, Math.Log(2), Math.Log(3));
        yield return Case("diff", () => Row.diff(), 1, 1, 1);

        // shape
        yield return Case("view", () => Matrix.view(3, -1)[1], 3, 4);
        yield return Case("unflatten", () => Row.unflatten(0, 2, 2)[1], 3, 4);
        yield return Case("T", () => Matrix.T[0], 1, 4);
        yield return Case("permute", () => Matrix.permute(1, 0)[2], 3, 6);
        yield return Case("movedim", () => Matrix.movedim([0], [1])[0], 1, 4);
        yield return Case("squeeze all", () => Matrix.view(1, 2, 1, 3).squeeze()[1, 2], 6);
        yield return Case("squeeze one", () => Matrix.view(1, 6).squeeze(0)[5], 6);
        yield return Case("expand", () => Row.view(4, 1).expand(4, 2).sum(1), 2, 4, 6, 8);
        yield return Case("repeat", () => Row.repeat(2), 1, 2, 3, 4, 1, 2, 3, 4);
        yield return Case("unfold", () => Row.unfold(0, 2, 1), 1, 2, 2, 3, 3, 4);
        yield return Case("as_strided", () => Row.as_strided([2], [2], 1), 2, 4);
        yield return Case("roll", () => Row.roll(1), 4, 1, 2, 3);
        yield return Case("roll the flattened", () => Matrix.roll(1)[0], 6, 1, 2);
        yield return Case("roll a dimension", () => Matrix.roll(1, 1), 3, 1, 2, 6, 4, 5);
        yield return Case("tril", () => Matrix.tril(), 1, 0, 0, 4, 5, 0);
        yield return Case("split", () => Row.split([1L, 3L])[1], 2, 3, 4);
        yield return Case("split by size", () => Row.split(3L)[1], 4);
        yield return Case("chunk", () => Row.chunk(2)[1], 3, 4);
        yield return Case("unbind", () => Matrix.unbind(1)[2], 3, 6);
        yield return Case("stack", () => stack([Row, Row], 1)[3], 4, 4);
        yield return Case("meshgrid", () => meshgrid([tensor([1.0, 2.0]), tensor([3.0])], "ij")[0], 1, 2);

        // selection
        yield return Case("gather", () => Matrix.gather(1, tensor([2L, 0L], [2, 1])), 3, 4);
        yield return Case("scatter", () => zeros(2, 3, dtype: float64).scatter(1, tensor([2L, 0L], [2, 1]), Matrix), 0, 0, 1, 4, 0, 0);
        yield return Case("scatter_add", () => Row.scatter_add(0, tensor([0L, 0L]), tensor([10.0, 20.0])), 31, 2, 3, 4);
        yield return Case("index_add", () => Row.index_add(0, tensor([1L]), tensor([1.0]), 5.0), 1, 7, 3, 4);
        yield return Case("index_fill", () => Row.index_fill(0, tensor([1L]), 0.0), 1, 0, 3, 4);
        yield return Case("masked_fill", () => Row.masked_fill(Row > 2, 0.0), 1, 2, 0, 0);
        yield return Case("masked_scatter", () => Row.masked_scatter(Row > 2, tensor([8.0, 9.0])), 1, 2, 8, 9);
        yield return Case("where", () => where(Row > 2, Row, zeros_like(Row)), 0, 0, 3, 4);
        yield return Case("where as positions", () => where(Row > 2)[0], 2, 3);
        yield return Case("take_along_dim", () => Matrix.take_along_dim(tensor([1L], [1, 1]), 1), 2, 5);
        yield return Case("repeat_interleave", () => Row[..2].repeat_interleave(2), 1, 1, 2, 2);
        yield return Case("repeat_interleave as told", () => Row[..2].repeat_interleave(tensor([1L, 2L]), output_size: 3), 1, 2, 2);
        yield return Case("topk", () => Row.topk(2).Item1, 4, 3);
        yield return Case("sort", () => { var (values, indices) = Row.sort(descending: true, stable: true); return cat([values, indices.to(float64)]); }, 4, 3, 2, 1, 3, 2, 1, 0);
        yield return Case("argsort", () => Row.argsort(descending: true), 3, 2, 1, 0);
        yield return Case("searchsorted", () => searchsorted(Row, tensor([2.0]), right: true), 2);
        yield return Case("bucketize", () => tensor([2.0, 5.0]).bucketize(Row), 1, 4);
        yield return Case("unique", () => { var (values, inverse, counts) = tensor([3L, 1L, 3L]).unique(return_counts: true); return cat([values, counts!]).add(inverse is null ? 0 : 100); }, 1, 3, 1, 2);
        yield return Case("unique rows", () => tensor([1L, 1L, 1L, 1L], [2, 2]).unique(dim: 0).Item1, 1, 1);
        yield return Case("unique_consecutive", () => tensor([1L, 1L, 2L, 1L]).unique_consecutive().Item1, 1, 2, 1);

        // products
        yield return Case("matmul", () => Matrix.matmul(ones(3, dtype: float64)), 6, 15);
        yield return Case("einsum", () => einsum("ij,kj->ik", Matrix, Matrix), 14, 32, 32, 77);
        yield return Case("baddbmm", () => ones(1, 1, 1, dtype: float64).baddbmm(Matrix.view(1, 1, 6), Matrix.view(1, 6, 1), beta: 2, alpha: 1), 93);
        yield return Case("outer", () => tensor([1.0, 2.0]).outer(tensor([3.0, 4.0])), 3, 4, 6, 8);
        yield return Case("tensordot", () => tensordot(Matrix, Matrix.T.contiguous(), 1), 14, 32, 32, 77);
        yield return Case("linalg.inv", () => linalg.inv(tensor([2.0, 0.0, 0.0, 4.0], [2, 2])), 0.5, 0, 0, 0.25);
        yield return Case("linalg.norm", () => linalg.norm(Matrix, dims: [1]).pow(2), 14, 77);
        yield return Case("cdist", () => cdist(tensor([0.0, 0.0], [1, 2]), tensor([3.0, 4.0], [1, 2])), 5);

        // activations
        yield return Case("softmax", () => zeros(4, dtype: float64).softmax(0), 0.25, 0.25, 0.25, 0.25);
        yield return Case("log_softmax as a type", () => zeros(2).log_softmax(0, float64), -Math.Log(2), -Math.Log(2));
        yield return Case("softplus", () => zeros(1, dtype: float64).softplus(), Math.Log(2));
        yield return Case("leaky_relu", () => Signs.leaky_relu(0.1), -0.15, -0.05, 0.5, 1.5, 2.5);
        yield return Case("glu", () => tensor([3.0, 0.0]).glu(), 1.5);
        yield return Case("silu", () => tensor([0.0]).silu(), 0);

        // Fourier transforms and windows
        yield return Case("rfft", () => fft.rfft(Row).real, 10, -2, -2);
        yield return Case("rfft of a size", () => fft.rfft(Row, n: 2).real, 3, -1);
        yield return Case("irfft", () => fft.irfft(fft.rfft(Row), n: 4), 1, 2, 3, 4);
        yield return Case("forward norm", () => fft.rfft(Row, norm: FFTNormType.Forward).real[0], 2.5);
        yield return Case("ortho norm", () => fft.fft_(Row, norm: FFTNormType.Ortho).real[0], 5);
        yield return Case("rfftfreq", () => fft.rfftfreq(4, 0.5, dtype: float64), 0, 0.5, 1);
        yield return Case("hann", () => hann_window(4, dtype: float64), 0, 0.5, 1, 0.5);
        yield return Case("hamming", () => hamming_window(4, alpha: 0.5f, beta: 0.5f, dtype: float64), 0, 0.5, 1, 0.5);
        yield return Case("hann, symmetric", () => hann_window(3, periodic: false, dtype: float64), 0, 1, 0);
        yield return Case(
            "stft and istft",
            () => istft(stft(Row.repeat(4), 4, 1, window: hann_window(4, dtype: float64), return_complex: true), 4, 1, window: hann_window(4, dtype: float64), length: 4),
            1, 2, 3, 4);
        yield return Case("stft pads with zeros", () => stft(Row, 2, 1, pad_mode: PaddingModes.Constant, return_complex: true).real[0], 1, 3, 5, 7, 4);
        yield return Case("polar", () => polar(tensor([2.0]), tensor([0.0])).real, 2);
        yield return Case("view_as_real", () => view_as_real(complex(tensor([1.0]), tensor([2.0]))), 1, 2);

        // creation
        yield return Case("full of four", () => full(1, 1, 1, 2, 7.0, dtype: float64), 7, 7);
        yield return Case("ToTensor", () => 3.5f.ToTensor(), 3.5);
        yield return Case("implicit", () => (Tensor)3, 3);
        yield return Case("Complex", () => tensor([new System.Numerics.Complex(1, 2)]).imag, 2);
        yield return Case("Half", () => tensor([(Half)1.5]), 1.5);
        yield return Case("tril_indices", () => tril_indices(2, 2), 0, 1, 1, 0, 0, 1);
        yield return Case("random_ of one value", () => zeros(2).random_(3, 4), 3, 3);
        yield return Case("multinomial of one weight", () => tensor([0.0, 1.0]).multinomial(1), 1);
        yield return Case("bernoulli_", () => zeros(2).bernoulli_(1.0), 1, 1);
        yield return Case("normal without spread", () => normal(2.0, 0.0, [2]), 2, 2);
    }

    [TestCaseSource(nameof(Cases))]
    public void Has_the_known_answer(Func<Tensor> operation, double[] expected)
    {
        using var scope = NewDisposeScope();
        Assert.That(operation().to(float64).contiguous().data<double>().ToArray(), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void Draws_follow_their_generator()
    {
        using var scope = NewDisposeScope();
        Tensor Draw(ulong seed)
        {
            using var generator = new Generator(seed);
            return cat([rand(3, generator: generator), randn(3, generator: generator), zeros(3).normal_(generator: generator), zeros(3).uniform_(0, 1, generator)]);
        }
        Assert.That(Draw(1).allclose(Draw(1), 0, 0), Is.True);
        Assert.That(Draw(1).allclose(Draw(2), 0, 0), Is.False);
    }

    [Test]
    public void In_place_operations_return_the_tensor_itself()
    {
        using var a = ones(3);
        Assert.That(a.add_(1).mul_(2).clamp_(min: 0.0).fill_(0).exp_(), Is.SameAs(a));
    }

    [Test]
    public void Zeroing_in_place_returns_a_new_tensor_of_the_same_memory()
    {
        using var a = ones(3);
        using var zeroed = a.zero_();
        Assert.That(zeroed, Is.Not.SameAs(a));
        zeroed.fill_(2);
        Assert.That(a.data<float>().ToArray(), Is.EqualTo(new float[] { 2, 2, 2 }));
    }

    [Test]
    public void Equals_compares_values()
    {
        using var scope = NewDisposeScope();
        Assert.That(ones(2).Equals(ones(2)), Is.True);
        Assert.That(ones(2).Equals(zeros(2)), Is.False);
        Assert.That(ones(2).Equals(ones(3)), Is.False);
    }

    [Test]
    public void Is_written_as_TorchSharp_writes_it()
    {
        using var a = zeros(2, 3);
        Assert.That(a.ToString(), Is.EqualTo("[2x3], type = Float32, device = cpu"));
        a.Dispose();
        Assert.That(a.ToString(), Is.Empty);
    }

    [Test]
    public void Finfo_is_IEEEs()
    {
        Assert.That(finfo(float32).max, Is.EqualTo((double)float.MaxValue));
        Assert.That(finfo(float64).min, Is.EqualTo(double.MinValue));
        Assert.That(finfo(float16).max, Is.EqualTo((double)Half.MaxValue));
        Assert.That(finfo(float32).eps, Is.EqualTo((double)float.BitIncrement(1) - 1));
    }

    private static TestCaseData Case(string name, Func<Tensor> operation, params double[] expected) =>
        new TestCaseData(operation, expected).SetArgDisplayNames(name);
}
