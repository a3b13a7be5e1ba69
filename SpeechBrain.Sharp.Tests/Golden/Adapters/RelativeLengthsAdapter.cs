using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class RelativeLengthsAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "transducer_loss / ctc_loss length rounding";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        check.Value(c.Data["abs_T"], Absolute("wav_len", "T"));
        check.Value(c.Data["abs_U"], Absolute("tgt_len", "U"));

        long[] Absolute(string relative, string size) => Functional
            .AbsoluteLengths(tensor(c.Data.Doubles(relative), dtype: ScalarType.Float32, device: c.Device), c.Data.Long(size))
            .cpu().data<long>().ToArray();
    }
}
