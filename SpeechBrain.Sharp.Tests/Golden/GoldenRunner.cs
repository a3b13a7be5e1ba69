using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>Runs one case through one adapter.</summary>
public static class GoldenRunner
{
    /// <returns>What is wrong; empty when the case passes.</returns>
    public static IReadOnlyList<string> Run(
        GoldenCaseInfo info, GoldenSet set, IGoldenAdapter adapter, IReadOnlyList<GoldenDeviation> deviations, Device device)
    {
        using var scope = NewDisposeScope();
        var c = set.Open(info.Name, device);
        var check = new GoldenCheck(info, c, deviations);
        try
        {
            adapter.Run(c, check);
        }
        catch (GoldenException e)
        {
            // The rest of the run is missing, so what it left unread or unchecked says nothing.
            check.Fail(e.Message);
            return check.Failures(complete: false);
        }
        return check.Failures(complete: true);
    }
}
