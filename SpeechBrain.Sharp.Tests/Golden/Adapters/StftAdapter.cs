using System.Globalization;
using SpeechBrain.Sharp.Features;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class StftAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.processing.features.STFT";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var x = c.Input("x");
        int i = 0;
        foreach (var config in c.Constructor["configs"].Items)
        {
            using var stft = new Stft(
                config.Long("sample_rate"), config.Double("win_length", 25), config.Double("hop_length", 10), config.Long("n_fft", 400),
                normalizedStft: config.Bool("normalized_stft", false), center: config.Bool("center", true),
                padMode: Enum.Parse<PaddingModes>(config.String("pad_mode", "constant"), ignoreCase: true), onesided: config.Bool("onesided", true));
            var y = stft.call(x);
            check.Output($"out.y{i}", y);
            check.Output($"out.window{i}", stft.Window);
            foreach (string name in c.Names($"out.mag{i}_"))
                check.Output(name, Functional.SpectralMagnitude(y, double.Parse(name[$"out.mag{i}_".Length..], CultureInfo.InvariantCulture)));
            // Of the recorded spectrum: in bins near zero the logarithm magnifies the last bits of a transform, in which libraries differ.
            if (i == 0)
                check.Output("out.maglog", Functional.SpectralMagnitude(c.Recorded("out.y0"), power: 1, log: true));
            i++;
        }
    }
}
