namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class MasksUnionAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.nnet.attention.masks_union";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var (bsz, klen, heads) = (c.Call.Long("bsz"), c.Call.Long("klen"), c.Call.Long("num_heads"));
        var attention = c.Input("attn_mask");
        var keys = c.Input("key_padding_mask");
        check.Output("out.both", Functional.MasksUnion(bsz, klen, heads, attention, keys)!);
        check.Output("out.attn_only", Functional.MasksUnion(bsz, klen, heads, attention, null)!);
        check.Output("out.key_only", Functional.MasksUnion(bsz, klen, heads, null, keys)!);
        if (Functional.MasksUnion(bsz, klen, heads, null, null) is not null)
            check.Fail("two absent masks must give none");
    }
}
