using SpeechBrain.Sharp.Features;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class FilterbankAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.processing.features.Filterbank";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        foreach (var config in c.Constructor["configs"].Items)
        {
            FbankAdapter.NoRandomFilters(config);
            using var filterbank = new Filterbank(
                config.Long("n_mels", 40), config.Bool("log_mel", true), FbankAdapter.Shape(config), config.Double("f_min", 0), config.Double("f_max", 8000),
                config.Long("n_fft", 400), config.Long("sample_rate", 16000), config.Double("power_spectrogram", 2), config.Double("amin", 1e-10),
                config.Double("ref_value", 1), config.Double("top_db", 80), config.Double("param_change_factor", 1), config.Bool("freeze", true));
            check.Output($"out.matrix{config.Long("i")}", filterbank.GetMatrix());
        }
    }
}
