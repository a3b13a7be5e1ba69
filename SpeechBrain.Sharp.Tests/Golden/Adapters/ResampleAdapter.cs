using SpeechBrain.Sharp.Resampling;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class ResampleAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.Resample";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        if (c.Constructor.Has("see"))
        {
            Lengths(c, check);
            return;
        }
        using var op = Make(c.Constructor, ScalarType.Float32);
        using var x = c.Input("x").requires_grad_();
        var y = op.call(x);
        check.Output("out.y", y);
        check.Gradients(y, ("x", x));
        foreach (string name in (string[])["bt1", "btc"])
            if (c.HasInput("x_" + name))
                check.Output("out.y_" + name, op.call(c.Input("x_" + name)));
        if (c.HasInput("x_btc_batched"))
            check.Output("ref.y_btc_batched", op.call(c.Input("x_btc_batched")));
        if (c.Has("out.y_f64"))
        {
            using var exact = Make(c.Constructor, ScalarType.Float64);
            var tolerance = c.Data["tolerance_f64"];
            check.Output("out.y_f64", exact.call(x.detach().to_type(ScalarType.Float64)), tolerance.Double("rtol"), tolerance.Double("atol"));
        }
        foreach (string remark in (string[])["out_f64_uses", "max_abs_f32_minus_f64", "max_abs_f64_minus_exact_formula"])
            c.Data.Find(remark)?.Ignore("says how the tolerances came about");
    }

    private static void Lengths(GoldenCase c, GoldenCheck check)
    {
        c.Constructor.Expect("see", "data");
        foreach (var item in c.Data.Items)
        {
            long i = item.Long("i");
            using var op = new Resample(item.Long("orig_freq"), item.Long("new_freq"));
            check.Value(item["T_out"], op.OutputLength(item.Long("T")));
            check.Output($"out.y{i}", op.call(c.Input($"x{i}")));
        }
    }

    private static Resample Make(GoldenValue arguments, ScalarType dtype) => new(
        arguments.Long("orig_freq", 16000), arguments.Long("new_freq", 16000),
        arguments.String("resampling_method", "sinc_interp_hann") switch
        {
            "sinc_interp_hann" => ResamplingMethod.SincInterpHann,
            "sinc_interp_kaiser" => ResamplingMethod.SincInterpKaiser,
            var other => throw new GoldenException($"unknown resampling_method '{other}'"),
        },
        arguments.Long("lowpass_filter_width", 6), arguments.Double("rolloff", 0.99), arguments.DoubleOrNull("beta"), maxKernelBytes: 2L << 30, dtype: dtype);
}
