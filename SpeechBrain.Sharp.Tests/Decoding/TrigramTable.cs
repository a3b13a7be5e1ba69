using SpeechBrain.Sharp.Decoding;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Decoding;

/// <summary>
/// A language model of made-up log-probabilities that depend on the two labels before. Its state is a label, in a tensor of integers.
/// </summary>
/// <param name="vocabulary">Outputs, blank 0 among them.</param>
/// <param name="forbidden">A label that it never expects.</param>
/// <param name="rows">Rows that it gives; one a text if null, as it should.</param>
internal sealed class TrigramTable(int vocabulary, int forbidden = -1, long? rows = null) : ILanguageModel
{
    public double LogProbability(IReadOnlyList<int> labels)
    {
        int[] padded = [0, 0, .. labels];
        return labels.Select((label, i) => Entry(padded[i], padded[i + 1], label)).Sum();
    }

    public (Tensor LogProbabilities, IReadOnlyList<Tensor> States) Next(Tensor tokens, IReadOnlyList<Tensor>? states)
    {
        var table = new double[vocabulary * vocabulary, vocabulary];
        for (int row = 0; row < vocabulary * vocabulary; row++)
            for (int label = 0; label < vocabulary; label++)
                table[row, label] = Entry(row / vocabulary, row % vocabulary, label);
        var before = states is null ? zeros_like(tokens) : states[0];
        var expected = tensor(table, device: tokens.device).index_select(0, before * vocabulary + tokens);
        return (expected.narrow(0, 0, rows ?? tokens.size(0)), [tokens.clone()]);
    }

    private double Entry(int first, int second, int label) =>
        label == forbidden ? double.NegativeInfinity : -0.2 - 0.5 * ((3 * first + 2 * second + 5 * label) % 7);
}
