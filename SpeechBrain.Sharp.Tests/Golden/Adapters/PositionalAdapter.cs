using SpeechBrain.Sharp.Conformer;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary><c>RelPosEncXL</c> and <c>PositionalEncoding</c>: outputs named <c>relpos_TIME_WIDTH</c> and <c>abs_TIME_WIDTH</c>.</summary>
public sealed class PositionalAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "RelPosEncXL, PositionalEncoding";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        foreach (string name in c.Names("out."))
        {
            string[] parts = name["out.".Length..].Split('_');
            long time = long.Parse(parts[1]), width = long.Parse(parts[2]);
            using var absolute = new PositionalEncoding(width, time + 3);
            using var relative = new RelPosEncXL(width);
            check.Output(name, parts[0] switch
            {
                "relpos" => relative.MakePe(time),
                "abs" => absolute.call(zeros(1, time, width)),
                _ => throw new GoldenException($"{name} is neither relpos nor abs"),
            });
        }
    }
}
