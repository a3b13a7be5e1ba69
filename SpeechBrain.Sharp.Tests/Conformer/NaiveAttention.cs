using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

/// <summary>
/// Self-attention written out in loops over float64 arrays, one formula after the other, from the papers and SpeechBrain's layout of weights.
/// Nothing here comes from the library.
/// </summary>
internal static class NaiveAttention
{
    /// <summary>
    /// out[b, i, h] = sum_j softmax_j(score(b, h, i, j)) v[b, j, h]; rows without an allowed key are 0.
    /// </summary>
    /// <param name="q">Queries <c>[batch][time][head][feature]</c>.</param>
    /// <param name="v">Values in the same order.</param>
    /// <param name="score">The score of batch item, head, query and key.</param>
    /// <param name="allowed">Whether in item b query i may see key j.</param>
    internal static double[,,,] Attend(
        double[,,,] q, double[,,,] v, Func<int, int, int, int, double> score, Func<int, int, int, bool> allowed)
    {
        int batch = q.GetLength(0), time = q.GetLength(1), heads = q.GetLength(2), width = q.GetLength(3);
        var output = new double[batch, time, heads, width];
        for (int b = 0; b < batch; b++)
            for (int h = 0; h < heads; h++)
                for (int i = 0; i < time; i++)
                {
                    int[] keys = [.. Enumerable.Range(0, time).Where(j => allowed(b, i, j))];
                    if (keys.Length == 0)
                        continue;
                    double[] scores = [.. keys.Select(j => score(b, h, i, j))];
                    double top = scores.Max(), sum = scores.Sum(s => Math.Exp(s - top));
                    for (int n = 0; n < keys.Length; n++)
                        for (int d = 0; d < width; d++)
                            output[b, i, h, d] += Math.Exp(scores[n] - top) / sum * v[b, keys[n], h, d];
                }
        return output;
    }

    /// <summary>Queries, keys and values of x <c>[batch, time, embed]</c> by a weight whose rows are ordered head, then q k v, then
    /// feature.</summary>
    internal static (double[,,,] Q, double[,,,] K, double[,,,] V) ProjectPerHead(Tensor x, Tensor weight, int heads)
    {
        int width = (int)x.size(2) / heads;
        return (Pick(0), Pick(1), Pick(2));

        double[,,,] Pick(int which) => Project(x, weight, heads, (h, d) => (h * 3 + which) * width + d);
    }

    /// <summary>As above, with rows ordered q k v, then head, then feature.</summary>
    internal static (double[,,,] Q, double[,,,] K, double[,,,] V) ProjectInBlocks(Tensor x, Tensor weight, int heads)
    {
        int embed = (int)x.size(2), width = embed / heads;
        return (Pick(0), Pick(1), Pick(2));

        double[,,,] Pick(int which) => Project(x, weight, heads, (h, d) => which * embed + h * width + d);
    }

    /// <summary>Turns each pair (2i, 2i + 1) at position t by t 10000^(-2i / width).</summary>
    internal static double[,,,] Rotate(double[,,,] x)
    {
        var y = (double[,,,])x.Clone();
        int width = x.GetLength(3);
        for (int b = 0; b < x.GetLength(0); b++)
            for (int t = 0; t < x.GetLength(1); t++)
                for (int h = 0; h < x.GetLength(2); h++)
                    for (int i = 0; i < width; i += 2)
                    {
                        double angle = t * Math.Pow(10000, -(double)i / width);
                        y[b, t, h, i] = x[b, t, h, i] * Math.Cos(angle) - x[b, t, h, i + 1] * Math.Sin(angle);
                        y[b, t, h, i + 1] = x[b, t, h, i + 1] * Math.Cos(angle) + x[b, t, h, i] * Math.Sin(angle);
                    }
        return y;
    }

    /// <summary>The scalar product of two vectors out of <c>[batch][time][head][feature]</c>, the first moved by a bias.</summary>
    internal static double Dot(double[,,,] a, int b, int i, int h, double[,,,] c, int j, Func<int, double>? bias = null)
    {
        double sum = 0;
        for (int d = 0; d < a.GetLength(3); d++)
            sum += (a[b, i, h, d] + (bias?.Invoke(d) ?? 0)) * c[b, j, h, d];
        return sum;
    }

    /// <summary>Joins the heads and applies the output projection.</summary>
    internal static Tensor Finish(double[,,,] context, Tensor weight, Tensor? bias)
    {
        var flat = tensor(context.Cast<double>().ToArray(), dtype: ScalarType.Float64)
            .view(context.GetLength(0), context.GetLength(1), context.GetLength(2) * context.GetLength(3));
        return nn.functional.linear(flat, weight, bias);
    }

    private static double[,,,] Project(Tensor x, Tensor weight, int heads, Func<int, int, int> row)
    {
        int batch = (int)x.size(0), time = (int)x.size(1), embed = (int)x.size(2), width = embed / heads;
        double[] input = Values(x), matrix = Values(weight);
        var y = new double[batch, time, heads, width];
        for (int b = 0; b < batch; b++)
            for (int t = 0; t < time; t++)
                for (int h = 0; h < heads; h++)
                    for (int d = 0; d < width; d++)
                        for (int e = 0; e < embed; e++)
                            y[b, t, h, d] += matrix[row(h, d) * embed + e] * input[(b * time + t) * embed + e];
        return y;
    }

    internal static double[] Values(Tensor x) => x.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
}
