using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>SpeechBrain's draws for a batch; its <c>[batch, channels, time, features]</c> are examples there, and so here.</summary>
public sealed class SpectrogramDropAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.freq_domain.SpectrogramDrop";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var args = c.Constructor;
        int dim = args.Int("dim", 1);
        long lengthLow = args.Long("drop_length_low", 5);
        var replace = Enum.Parse<SpectrogramReplace>(args.String("replace", "zeros").Replace("_", ""), ignoreCase: true);
        using var op = new SpectrogramDrop(
            // There the upper bound is not drawn.
            lengthLow, Math.Max(lengthLow, args.Long("drop_length_high", 15) - 1), args.Long("drop_count_low", 1), args.Long("drop_count_high", 3),
            replace, dim, perBatch: true);
        c.Data["input_changed_in_place"].Ignore("ours never writes into its input, which a theory over all augmentations shows");
        var x = c.Input("x");
        if (x.dim() == 4)
            x = x.flatten(0, 1);
        int batch = (int)x.shape[0], count = (int)c.Draws.Next("torch.randint").Longs[0];
        long[] lengths = count == 0 ? [] : c.Draws.Next("torch.randint").Longs, starts = count == 0 ? [] : c.Draws.Next("torch.randint").Longs;
        if (count > 0 && replace == SpectrogramReplace.RandomSelection)
            replace = Enum.Parse<SpectrogramReplace>(c.Draws.Next("random.choice").Value!.AsString(), ignoreCase: true);
        else if (count == 0)
            replace = SpectrogramReplace.Zeros;
        var spans = Enumerable.Range(0, batch).Select(b => (ValueList<Chunk>)
            [.. Enumerable.Range(b * count, count).Select(i => new Chunk(starts[i], lengths[i]))]).ToArray();
        if (replace == SpectrogramReplace.Rand)
        {
            check.Output("out.y", WithNoise(x, spans, c.Draws.Next("torch.rand_like").Tensor, dim));
            return;
        }
        long shift = replace == SpectrogramReplace.Swap ? c.Draws.Next("torch.randint").Longs[0] : 0;
        using var input = new AugmentedBatch(x);
        check.Output("out.y", op.Apply(input, new([.. spans], [replace], [shift], [0])).Data);
    }

    // Our records hold seeds of noise; recorded noise goes in by the function.
    private static Tensor WithNoise(Tensor x, ValueList<Chunk>[] spans, Tensor noise, int dim)
    {
        var places = spans
            .SelectMany((own, b) => own.SelectMany(span => Enumerable.Range(0, (int)span.Length).Select(i => (b, p: span.Start + i))))
            .Where(place => place.p < x.shape[dim]).Distinct().ToArray();
        var examples = tensor(places.Select(place => (long)place.b).ToArray()).to(x.device);
        var positions = tensor(places.Select(place => place.p).ToArray()).to(x.device);
        var own = (dim == 1 ? noise : noise.transpose(1, 2)).index(examples, positions);
        return Functional.SpectrogramDrop(x, examples, positions, SpectrogramReplace.Rand, dim, noise: own, batchStatistics: true);
    }
}
