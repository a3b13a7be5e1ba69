using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>What the prediction network holds after the labels so far, a row an utterance or hypothesis.</summary>
/// <param name="Output">Its projected output <c>[rows, joint]</c>.</param>
/// <param name="Hidden">The LSTM's hidden state <c>[rows, layers, hidden]</c>.</param>
/// <param name="Cell">The LSTM's cell state, likewise.</param>
internal readonly record struct Prediction(Tensor Output, Tensor Hidden, Tensor Cell)
{
    /// <summary>Some of the rows, as copies.</summary>
    public Prediction Select(Tensor rows) => Map(t => t.index_select(0, rows));

    /// <summary>Overwrites some of the rows.</summary>
    public void Put(Tensor rows, Prediction values)
    {
        Output.index_copy_(0, rows, values.Output);
        Hidden.index_copy_(0, rows, values.Hidden);
        Cell.index_copy_(0, rows, values.Cell);
    }

    /// <summary>A function of each tensor.</summary>
    public Prediction Map(Func<Tensor, Tensor> function) => new(function(Output), function(Hidden), function(Cell));

    /// <summary>Frees the tensors.</summary>
    public void Free()
    {
        Output.Dispose();
        Hidden.Dispose();
        Cell.Dispose();
    }
}
