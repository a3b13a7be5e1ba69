using SpeechBrain.Sharp.Features;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class FbankAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.lobes.features.Fbank";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        using var fbank = Make(c.Constructor);
        c.Data.Ignore("says where the speech comes from");
        if (c.HasInput("x"))
            check.Output("out.y", fbank.call(c.Input("x")));
        if (c.HasInput("z"))
            check.Output("out.z", fbank.call(c.Input("z")));
        if (c.HasInput("xc"))
        {
            var channels = c.Input("xc");
            Tensor[] each = [.. Enumerable.Range(0, (int)channels.shape[2]).Select(i => fbank.call(channels.select(2, i)))];
            check.Deviates("spectral-magnitude-channels", "out.xc", fbank.call(channels), stack(each, -1));
        }
    }

    internal static Fbank Make(GoldenValue arguments)
    {
        NoRandomFilters(arguments);
        return new(
            arguments.Bool("deltas", false), arguments.Bool("context", false), arguments.Bool("requires_grad", false), arguments.Long("sample_rate", 16000),
            arguments.Double("f_min", 0), arguments.DoubleOrNull("f_max"), arguments.Long("n_fft", 400), arguments.Long("n_mels", 40),
            Shape(arguments), arguments.Double("param_change_factor", 1), arguments.Long("left_frames", 5), arguments.Long("right_frames", 5),
            arguments.Double("win_length", 25), arguments.Double("hop_length", 10));
    }

    internal static FilterShape Shape(GoldenValue arguments) => Enum.Parse<FilterShape>(arguments.String("filter_shape", "triangular"), ignoreCase: true);

    internal static void NoRandomFilters(GoldenValue arguments)
    {
        if (arguments.Double("param_rand_factor", 0) != 0)
            throw new GoldenException("param_rand_factor draws from torch's own generator; ours is drawn by hand");
    }
}
