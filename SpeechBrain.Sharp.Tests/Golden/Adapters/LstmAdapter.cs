using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class LstmAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.nnet.RNN.LSTM";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        using var lstm = new Lstm(
            c.Constructor.Long("hidden_size"), c.Constructor.Long("input_size"), c.Constructor.Long("num_layers", 1),
            c.Constructor.Bool("bias", true), c.Constructor.Double("dropout", 0), c.Constructor.Bool("re_init", true),
            c.Constructor.Bool("bidirectional", false));
        lstm.to(c.Device);
        lstm.eval();
        c.LoadWeights(lstm);
        using var noGrad = no_grad();
        var (y, hidden, cell) = lstm.call(c.Input("x"), null, c.InputOrNull("lengths"));
        check.Output("out.y", y);
        check.Output("out.hn", hidden);
        check.Output("out.cn", cell);
    }
}
