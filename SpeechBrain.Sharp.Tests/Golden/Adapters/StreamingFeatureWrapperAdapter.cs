using SpeechBrain.Sharp.Features;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class StreamingFeatureWrapperAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.lobes.features.StreamingFeatureWrapper";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        c.Constructor.Expect("module", "Fbank");
        var fbank = FbankAdapter.Make(c.Constructor["fbank"]);
        using var wrapper = new StreamingFeatureWrapper(fbank, FilterProperties.Stack(fbank.GetFilterProperties()));
        using var context = wrapper.MakeStreamingContext();
        long chunk = c.Data.Long("chunk");
        check.Value(c.Data["window"], wrapper.Properties.WindowSize);
        check.Value(c.Data["stride"], wrapper.Properties.Stride);
        check.Value(c.Data["required_padding"], wrapper.GetRequiredPadding());
        check.Value(c.Data["outputs_per_pad"], wrapper.GetOutputCountPerPadFrame());
        check.Value(c.Data["recommended_final_chunks"], wrapper.GetRecommendedFinalChunkCount(chunk));
        var x = c.Input("x");
        for (long i = 0; c.Has($"out.chunk{i}"); i++)
            check.Output($"out.chunk{i}", wrapper.call(x.narrow(1, i * chunk, chunk), context));
        check.Output("out.left_context", context.LeftContext!);
    }
}
