using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class LstmTests
{
    [Test]
    public void EqualsTheEquationsOfTheLstm()
    {
        using var scope = NewDisposeScope();
        using var lstm = new Lstm(3, 2, dtype: ScalarType.Float64);
        var x = Input(1, 5, 2);
        var (output, hidden, cell) = lstm.call(x);

        var weights = lstm.state_dict().ToDictionary(w => w.Key, w => Values(w.Value));
        double[] values = Values(x), h = new double[3], c = new double[3];
        var expected = new List<double>();
        for (int t = 0; t < 5; t++)
        {
            double[] previous = [.. h];
            for (int i = 0; i < 3; i++)
            {
                double Gate(int gate)
                {
                    int row = gate * 3 + i;
                    return weights["rnn.bias_ih_l0"][row] + weights["rnn.bias_hh_l0"][row]
                        + Enumerable.Range(0, 2).Sum(k => weights["rnn.weight_ih_l0"][row * 2 + k] * values[t * 2 + k])
                        + Enumerable.Range(0, 3).Sum(k => weights["rnn.weight_hh_l0"][row * 3 + k] * previous[k]);
                }
                c[i] = Sigmoid(Gate(1)) * c[i] + Sigmoid(Gate(0)) * Math.Tanh(Gate(2));
                h[i] = Sigmoid(Gate(3)) * Math.Tanh(c[i]);
            }
            expected.AddRange(h);
        }
        AssertClose(Values(output), [.. expected], 1e-12, 1e-14);
        AssertClose(Values(hidden), h, 1e-12, 1e-14);
        AssertClose(Values(cell), c, 1e-12, 1e-14);

        static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
    }

    [Test]
    public void AStateCarriesOnWhereASequenceWasCut()
    {
        using var scope = NewDisposeScope();
        using var lstm = new Lstm(4, 3, numLayers: 2, dtype: ScalarType.Float64);
        var x = Input(2, 7, 3);
        var (whole, hidden, cell) = lstm.call(x);
        var (first, h, c) = lstm.call(x.narrow(1, 0, 3));
        var (second, lastHidden, lastCell) = lstm.call(x.narrow(1, 3, 4), (h, c));
        AssertClose(Values(cat([first, second], 1)), Values(whole), 1e-12, 1e-14);
        AssertClose(Values(lastHidden), Values(hidden), 1e-12, 1e-14);
        AssertClose(Values(lastCell), Values(cell), 1e-12, 1e-14);
    }

    /// <summary>0.8 of 8 frames are 6, by truncation. Each sequence must come out as if it were alone, in both directions.</summary>
    [Test]
    public void LengthsMakeEachSequenceAlone()
    {
        using var scope = NewDisposeScope();
        using var lstm = new Lstm(4, 3, numLayers: 2, bidirectional: true, dtype: ScalarType.Float64);
        var x = Input(3, 8, 3);
        var (output, hidden, cell) = lstm.call(x, null, tensor(new[] { 0.5f, 1f, 0.8f }));
        Assert.That(output.shape, Is.EqualTo(new long[] { 3, 8, 8 }));
        foreach (var (item, frames) in (((int, int)[])[(0, 4), (1, 8), (2, 6)]))
        {
            var (alone, aloneHidden, aloneCell) = lstm.call(x.narrow(0, item, 1).narrow(1, 0, frames));
            AssertClose(Values(output[item].narrow(0, 0, frames)), Values(alone), 1e-12, 1e-14);
            Assert.That(Values(output[item].narrow(0, frames, 8 - frames)), Has.All.Zero);
            AssertClose(Values(hidden.narrow(1, item, 1)), Values(aloneHidden), 1e-12, 1e-14);
            AssertClose(Values(cell.narrow(1, item, 1)), Values(aloneCell), 1e-12, 1e-14);
        }
    }

    [Test]
    public void WithLengthsTheOutputIsAsLongAsTheLongestSequence()
    {
        using var scope = NewDisposeScope();
        using var lstm = new Lstm(4, 3);
        var (output, _, _) = lstm.call(ones(2, 8, 3), null, tensor(new[] { 0.5f, 0.75f }));
        Assert.That(output.shape, Is.EqualTo(new long[] { 2, 6, 4 }));
    }

    [Test]
    public void RecurrentWeightsBeginOrthogonal()
    {
        using var scope = NewDisposeScope();
        using var lstm = new Lstm(5, 3, numLayers: 2, bidirectional: true, dtype: ScalarType.Float64);
        var recurrent = lstm.state_dict().Where(w => w.Key.Contains("weight_hh")).ToList();
        string[] names = ["rnn.weight_hh_l0", "rnn.weight_hh_l0_reverse", "rnn.weight_hh_l1", "rnn.weight_hh_l1_reverse"];
        Assert.That(recurrent.Select(w => w.Key), Is.EqualTo(names));
        foreach (var (name, weight) in recurrent)
            AssertClose(Values(weight.transpose(0, 1).matmul(weight)), Values(eye(5, dtype: ScalarType.Float64)), 0, 1e-6); // drawn in float32
        using var plain = new Lstm(5, 3, reInit: false);
        Assert.That(plain.state_dict()["rnn.weight_hh_l0"].abs().max().item<float>(), Is.LessThanOrEqualTo(1 / MathF.Sqrt(5)));
    }

    [Test]
    public void FourDimensionsAreFlattened()
    {
        using var scope = NewDisposeScope();
        using var lstm = new Lstm(4, 6, dtype: ScalarType.Float64);
        var x = Input(2, 3, 6);
        var (flat, _, _) = lstm.call(x);
        var (deep, _, _) = lstm.call(x.reshape(2, 3, 3, 2));
        Assert.That(Values(deep), Is.EqualTo(Values(flat)));
    }

    [Test]
    public void GradientsAreRight()
    {
        using var scope = NewDisposeScope();
        using var lstm = new Lstm(3, 2, dtype: ScalarType.Float64);
        GradCheck.Check(x => lstm.call(x[0], (x[1], x[2])).Output, Input(2, 4, 2), Input(1, 2, 3), Input(1, 2, 3));
    }

    [Test]
    public void NothingLeaks()
    {
        using var scope = NewDisposeScope();
        using var lstm = new Lstm(3, 2, dtype: ScalarType.Float64);
        var x = Input(2, 4, 2);
        var lengths = tensor(new[] { 1f, 0.5f });
        foreach (var given in (Tensor?[])[null, lengths])
        {
            LeakCheck.IsClean(() =>
            {
                var (output, hidden, cell) = lstm.call(x, null, given);
                output.Dispose();
                hidden.Dispose();
                cell.Dispose();
            });
        }
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        using var lstm = new Lstm(3, 2);
        var x = ones(2, 4, 2);
        Refusal.Of(() => lstm.call(ones(2, 2)), "[batch, time, features]");
        Refusal.Of(() => lstm.call(ones(2, 4, 3)), "inputSize");
        Refusal.Of(() => lstm.call(ones(2, 0, 2)), "at least 1");
        Refusal.Of(() => lstm.call(x.to(ScalarType.Float64)), "Convert one of them");
        Refusal.Of(() => lstm.call(x, (ones(1, 2, 3), ones(1, 1, 3))), "[1, 2, 3]");
        Refusal.Of(() => lstm.call(x, null, tensor(new[] { 1f })), "one length for each");
        Refusal.Of(() => lstm.call(x, null, tensor(new[] { 1f, 0.2f })), "truncated to 0");
        Refusal.Of(() => new Lstm(0, 2), "at least 1");
        Refusal.Of(() => new Lstm(3, 2, dropout: 1.5), "[0, 1]");
        Refusal.Of(() => new Lstm(3, 2, dtype: ScalarType.Int64), "float32");
    }

    [Test]
    public void OutlivesTheScopeItWasMadeIn()
    {
        Lstm lstm;
        using (NewDisposeScope())
            lstm = new Lstm(4, 3);
        using var scope = NewDisposeScope();
        Assert.That(lstm.call(ones(1, 2, 3)).Output.shape, Is.EqualTo(new long[] { 1, 2, 4 }));
        lstm.Dispose();
    }

    [Test]
    public void Float16OnTheCpuIsRefused()
    {
        using var scope = NewDisposeScope();
        using var lstm = new Lstm(4, 3, dtype: ScalarType.Float16, reInit: false);
        Refusal.Of(() => lstm.call(zeros(1, 2, 3).to(ScalarType.Float16)), "bfloat16 or float32");
    }

    [Test]
    public void BFloat16WeightsAreOrthogonalToo()
    {
        using var scope = NewDisposeScope();
        using var lstm = new Lstm(4, 3, dtype: ScalarType.BFloat16);
        var recurrent = lstm.state_dict()["rnn.weight_hh_l0"].detach().to(ScalarType.Float64);
        Assert.That(Values(recurrent.t().matmul(recurrent)), Is.EqualTo(Values(eye(4, dtype: ScalarType.Float64))).Within(0.02));
    }

    private static Tensor Input(params long[] shape)
    {
        using var generator = new Generator(8);
        return randn(shape, dtype: ScalarType.Float64, generator: generator);
    }
}
