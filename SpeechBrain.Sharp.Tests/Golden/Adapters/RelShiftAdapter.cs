namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary><c>RelPosMHAXL.rel_shift</c>, without and with its option that changes nothing.</summary>
public sealed class RelShiftAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "RelPosMHAXL.rel_shift";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var y = Functional.RelShift(c.Input("x"));
        check.Output("out.y", y);
        check.Output("out.y_future_masked", y);
    }
}
