using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static SpeechBrain.Sharp.Tests.Conformer.NaiveAttention;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

/// <summary>All kinds of self-attention against their formulas written out in loops, and what they have in common.</summary>
[TestFixture]
public sealed class SelfAttentionTests
{
    private const int Batch = 3, Time = 7, Embed = 12, Heads = 3;

    private static readonly long[] Lengths = [7, 4, 1];

    [Test]
    public void EqualsTheLoops([Values] AttentionType type, [Values] bool padded, [Values] bool chunked, [Values] bool vbias)
    {
        if (type == AttentionType.RegularMHA && vbias)
            return;
        using var scope = NewDisposeScope();
        using var attention = Make(type, vbias);
        var x = Noise(3, Batch, Time, Embed);
        var (mask, allowed) = Masks(padded, chunked);
        var y = attention.call(x, Positions(type), mask)!;
        var expected = Loops(type, attention, x, allowed);
        AssertClose(y, expected, 1e-9);
        var (again, _) = attention.ForwardWithWeights(x, Positions(type), mask);
        AssertClose(again, expected, 1e-9);
    }

    [Test]
    public void GradientsAreRight([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var attention = Make(type, false);
        // The second item's last frames have no key at all: their chunk is padding.
        var (mask, _) = Masks(true, true);
        GradCheck.Check(x => attention.call(x[0], Positions(type), mask)!, Noise(4, Batch, Time, Embed));
        var input = Noise(5, Batch, Time, Embed);
        CheckParameterGradients(attention, () => attention.call(input, Positions(type), mask)!);
    }

    [Test]
    public void WeightsAreProbabilitiesOfAllowedKeys([Values(AttentionType.RelPosMHAXL, AttentionType.RegularMHA)] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var attention = Make(type, false);
        var (mask, allowed) = Masks(true, true);
        var (_, weights) = attention.ForwardWithWeights(Noise(6, Batch, Time, Embed), Positions(type), mask);
        Assert.That(weights!.shape, Is.EqualTo(type == AttentionType.RelPosMHAXL ? [Batch, Heads, Time, Time] : new long[] { Batch, Time, Time }));
        var mean = type == AttentionType.RelPosMHAXL ? weights.mean([1L]) : weights;
        for (int b = 0; b < Batch; b++)
            for (int i = 0; i < Time; i++)
            {
                int keys = Enumerable.Range(0, Time).Count(j => allowed(b, i, j));
                Assert.That(mean[b, i].sum().item<double>(), Is.EqualTo(keys > 0 ? 1 : 0).Within(1e-12));
                for (int j = 0; j < Time; j++)
                    Assert.That(mean[b, i, j].item<double>(), allowed(b, i, j) ? Is.GreaterThan(0) : Is.EqualTo(0));
            }
    }

    [Test]
    public void AQueryWithoutKeysGivesTheBiasAndNoGradient([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var attention = Make(type, false);
        var mask = AttentionMask.From(ones([Time, Time], ScalarType.Bool), null, ScalarType.Float64);
        var x = Noise(7, Batch, Time, Embed).requires_grad_();
        var y = attention.call(x, Positions(type), mask)!;
        string bias = type == AttentionType.RegularMHA ? "att.out_proj.bias" : "out_proj.bias";
        AssertClose(y.detach(), attention.get_parameter(bias)!.detach().expand(Batch, Time, Embed), 1e-12);
        y.square().sum().backward();
        AssertClose(x.grad!, zeros_like(x), 0);
        foreach (var (name, parameter) in attention.named_parameters().Where(p => !p.Item1.EndsWith("out_proj.bias", StringComparison.Ordinal)))
            AssertClose(parameter.grad!, zeros_like(parameter), 0, name);
    }

    [Test]
    public void AnItemDoesNotSeeTheOthers([Values] AttentionType type, [Values(ScalarType.Float32, ScalarType.Float64)] ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var attention = Make(type, false, dtype);
        using var encoding = new RelPosEncXL(Embed);
        var x = Noise(8, dtype, Batch, Time, Embed);
        var mask = AttentionMask.From(null, Padding(Time, Lengths), dtype);
        var together = attention.call(x, type == AttentionType.RelPosMHAXL ? encoding.call(x) : null, mask)!;
        for (int b = 0; b < Batch; b++)
        {
            var own = x[b..(b + 1), ..(int)Lengths[b]];
            var alone = attention.call(own, type == AttentionType.RelPosMHAXL ? encoding.call(own) : null, null)!;
            AssertClose(together[b..(b + 1), ..(int)Lengths[b]], alone, dtype == ScalarType.Float32 ? 1e-5 : 1e-12);
        }
    }

    [Test]
    public void WorksInBfloat16([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var wide = Make(type, false);
        using var narrow = Make(type, false, ScalarType.BFloat16);
        var x = Noise(9, Batch, Time, Embed);
        var low = x.to(ScalarType.BFloat16);
        using var encoding = new RelPosEncXL(Embed);
        bool positions = type == AttentionType.RelPosMHAXL;
        var y = narrow.call(low, positions ? encoding.call(low) : null, AttentionMask.From(null, Padding(Time, Lengths), ScalarType.BFloat16))!;
        var expected = wide.call(x, positions ? encoding.call(x) : null, AttentionMask.From(null, Padding(Time, Lengths), ScalarType.Float64))!;
        Assert.That(y.dtype, Is.EqualTo(ScalarType.BFloat16));
        AssertClose(y.to(ScalarType.Float64), expected, 0.1);
    }

    [Test]
    public void DropoutWorksInTrainingAlone([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using SelfAttention attention = type switch
        {
            AttentionType.RelPosMHAXL => new RelPosMHAXL(Embed, Heads, 0.5),
            AttentionType.RoPEMHA => new RoPEMHA(Embed, Heads, 0.5),
            _ => new MultiheadAttention(Heads, Embed, 0.5),
        };
        attention.Prepared();
        var x = Noise(10, Batch, Time, Embed);
        AssertClose(attention.call(x, Positions(type), null)!, attention.call(x, Positions(type), null)!, 0);
        attention.train();
        Assert.That(attention.call(x, Positions(type), null)!.equal(attention.call(x, Positions(type), null)!).all().item<bool>(), Is.False);
    }

    [Test]
    public void LeavesNothingBehind([Values] AttentionType type, [Values] bool gradients)
    {
        using var attention = Make(type, false);
        using var x = Noise(11, Batch, Time, Embed);
        using var scope = NewDisposeScope();
        var positions = Positions(type);
        var (mask, _) = Masks(true, true);
        LeakCheck.IsClean(() =>
        {
            using var mode = set_grad_enabled(gradients);
            return attention.call(x, positions, mask)!;
        });
        LeakCheck.IsClean(() =>
        {
            var (y, weights) = attention.ForwardWithWeights(x, positions, mask);
            y.Dispose();
            weights?.Dispose();
        });
    }

    [Test]
    public void RefusesWhatDoesNotFit([Values] AttentionType type)
    {
        using var scope = NewDisposeScope();
        using var attention = Make(type, false);
        var positions = Positions(type);
        Assert.That(() => attention.call(zeros([Batch, Time, Embed + 1], ScalarType.Float64), positions, null),
            Throws.ArgumentException.With.Message.Contains("12"));
        Assert.That(() => attention.call(zeros([Time, Embed], ScalarType.Float64), positions, null), Throws.ArgumentException);
        Assert.That(() => attention.call(zeros([Batch, 0, Embed], ScalarType.Float64), positions, null), Throws.ArgumentException);
        Assert.That(() => attention.call(zeros(Batch, Time, Embed), positions, null), Throws.ArgumentException.With.Message.Contains("Float64"));
        var x = zeros([Batch, Time, Embed], ScalarType.Float64);
        Assert.That(
            () => attention.call(x, positions, AttentionMask.From(null, Padding(Time + 1, 3, 2, 1), ScalarType.Float64)),
            Throws.ArgumentException.With.Message.Contains("8 frames"));
        Assert.That(() => attention.call(x, positions, AttentionMask.From(null, Padding(Time, 3, 2), ScalarType.Float64)), Throws.ArgumentException);
        Assert.That(() => attention.call(x, positions, AttentionMask.From(null, Padding(Time, 3, 2, 1))),
            Throws.ArgumentException.With.Message.Contains("Float32"));
        if (type == AttentionType.RelPosMHAXL)
        {
            Assert.That(() => attention.call(x, null, null), Throws.ArgumentNullException.With.Message.Contains("RelPosEncXL"));
            Assert.That(() => attention.call(x, zeros([1, Time, Embed], ScalarType.Float64), null),
                Throws.ArgumentException.With.Message.Contains("13"));
            Assert.That(() => attention.call(x, zeros([1, 2 * Time - 1, Embed]), null), Throws.ArgumentException.With.Message.Contains("posEmbs"));
        }
        else
        {
            Assert.That(() => attention.call(x, x, null), Throws.ArgumentException.With.Message.Contains("posEmbs"));
        }
    }

    [Test]
    public void RefusesSizesThatDoNotDivide()
    {
        Assert.That(() => new RelPosMHAXL(10, 3), Throws.ArgumentException.With.Message.Contains("3 heads"));
        Assert.That(() => new MultiheadAttention(3, 10), Throws.ArgumentException.With.Message.Contains("3 heads"));
        Assert.That(() => new RoPEMHA(9, 3), Throws.ArgumentException.With.Message.Contains("even"));
        Assert.That(() => new RoPEMHA(8, 0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new RelPosMHAXL(8, 2, dropout: 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new RelPosMHAXL(8, 2, dropout: double.NaN), Throws.InstanceOf<ArgumentException>());
    }

    [TestCase(AttentionType.RelPosMHAXL,
        "in_proj_weight [36, 12]; linear_pos.weight [12, 12]; out_proj.bias [12]; out_proj.weight [12, 12]; pos_bias_u [4, 3]; pos_bias_v [4, 3]")]
    [TestCase(AttentionType.RoPEMHA, "in_proj_weight [36, 12]; out_proj.bias [12]; out_proj.weight [12, 12]")]
    [TestCase(AttentionType.RegularMHA, "att.in_proj_bias [36]; att.in_proj_weight [36, 12]; att.out_proj.bias [12]; att.out_proj.weight [12, 12]")]
    public void StateDictHasSpeechBrainsKeys(AttentionType type, string keys)
    {
        using var attention = Make(type, false);
        Assert.That(Keys(attention), Is.EqualTo(keys));
        using var biased = Make(type, type != AttentionType.RegularMHA);
        Assert.That(Keys(biased).Contains("value_bias_weight [12]"), Is.EqualTo(type != AttentionType.RegularMHA));
    }

    internal static string Keys(nn.Module module) =>
        string.Join("; ", module.state_dict().OrderBy(e => e.Key, StringComparer.Ordinal).Select(
            e => $"{e.Key} [{string.Join(", ", e.Value.shape)}]"));

    private static SelfAttention Make(AttentionType type, bool vbias, ScalarType dtype = ScalarType.Float64)
    {
        SelfAttention attention = type switch
        {
            AttentionType.RelPosMHAXL => new RelPosMHAXL(Embed, Heads, vbias: vbias),
            AttentionType.RoPEMHA => new RoPEMHA(Embed, Heads, vbias: vbias),
            _ => new MultiheadAttention(Heads, Embed),
        };
        return attention.Prepared(dtype: dtype);
    }

    // Not SpeechBrain's sinusoids, whose two halves are equal: these tell a shift to the left from one to the right.
    private static Tensor? Positions(AttentionType type) => type == AttentionType.RelPosMHAXL ? Noise(2, 1, 2 * Time - 1, Embed) : null;

    private static (AttentionMask? Mask, Func<int, int, int, bool> Allowed) Masks(bool padded, bool chunked)
    {
        using var zero = zeros(1, Time, 1);
        // Chunks of 2 without left context: an item of one frame has none in its later chunks.
        var chunks = chunked ? Functional.MakeTransformerSrcMask(zero, false, new DynChunkTrainConfig(2, 0)) : null;
        return (
            AttentionMask.From(chunks, padded ? Padding(Time, Lengths) : null, ScalarType.Float64),
            (b, i, j) => (!padded || j < Lengths[b]) && (!chunked || i / 2 == j / 2));
    }

    private static Tensor Loops(AttentionType type, SelfAttention attention, Tensor x, Func<int, int, int, bool> allowed)
    {
        int width = Embed / Heads;
        var weights = attention.state_dict();
        if (type == AttentionType.RegularMHA)
        {
            var (q, k, v) = ProjectInBlocks(x, weights["att.in_proj_weight"], Heads);
            double[] bias = Values(weights["att.in_proj_bias"]);
            foreach (var (values, which) in new[] { (q, 0), (k, 1), (v, 2) })
                Add(values, (h, d) => bias[which * Embed + h * width + d]);
            var context = Attend(q, v, (b, h, i, j) => Dot(q, b, i, h, k, j) / Math.Sqrt(width), allowed);
            return Finish(context, weights["att.out_proj.weight"], weights["att.out_proj.bias"]);
        }

        var (queries, keys, contents) = ProjectPerHead(x, weights["in_proj_weight"], Heads);
        if (weights.TryGetValue("value_bias_weight", out var valueBias))
        {
            double[] bias = Values(valueBias);
            Add(contents, (h, d) => bias[h * width + d]);
        }
        Func<int, int, int, int, double> score;
        if (type == AttentionType.RoPEMHA)
        {
            var (rotatedQueries, rotatedKeys) = (Rotate(queries), Rotate(keys));
            score = (b, h, i, j) => Dot(rotatedQueries, b, i, h, rotatedKeys, j) / Math.Sqrt(Embed);
        }
        else
        {
            double[] u = Values(weights["pos_bias_u"]), v = Values(weights["pos_bias_v"]);
            double[] p = Values(nn.functional.linear(Positions(type)!, weights["linear_pos.weight"]));
            score = (b, h, i, j) =>
            {
                double sum = Dot(queries, b, i, h, keys, j, d => u[h * width + d]);
                for (int d = 0; d < width; d++)
                    sum += (queries[b, i, h, d] + v[h * width + d]) * p[(Time - 1 - (i - j)) * Embed + h * width + d];
                return sum / Math.Sqrt(Embed);
            };
        }
        return Finish(Attend(queries, contents, score, allowed), weights["out_proj.weight"], weights["out_proj.bias"]);
    }

    private static void Add(double[,,,] values, Func<int, int, double> bias)
    {
        for (int b = 0; b < values.GetLength(0); b++)
            for (int t = 0; t < values.GetLength(1); t++)
                for (int h = 0; h < values.GetLength(2); h++)
                    for (int d = 0; d < values.GetLength(3); d++)
                        values[b, t, h, d] += bias(h, d);
    }
}
