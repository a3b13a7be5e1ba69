namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class UndoPaddingAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.utils.data_utils.undo_padding";

    public void Run(GoldenCase c, GoldenCheck check) => check.Value(
        c.Data["lists"],
        Functional.UndoPadding(c.Input("batch"), c.Input("lengths")).Select(t => t.numel() == 0 ? [] : t.cpu().data<float>().ToArray()).ToArray());
}
