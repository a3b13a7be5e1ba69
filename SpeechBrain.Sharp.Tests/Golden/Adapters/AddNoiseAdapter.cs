using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>
/// Noise that is given, or from a batch of recordings as SpeechBrain's loader makes it. Rows that fill the batch must be SpeechBrain's; padded
/// rows, where its level is wrong, those of a plain computation.
/// </summary>
public sealed class AddNoiseAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.augment.time_domain.AddNoise";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        double low = c.Constructor.Double("snr_low", 0), high = c.Constructor.Double("snr_high", 0);
        bool normalize = c.Constructor.Bool("normalize", false);
        c.Data["input_changed_in_place"].Ignore("inputs are never written to, see AugmentationProperties");
        var x = c.Input("x");
        var batch = AugmentedBatch.FromRelative(x, c.Input("lengths").data<float>().ToArray());
        double[] snr = [.. c.Draws.Next("torch.rand").Doubles.Select(u => (double)((float)u * (float)(high - low) + (float)low))];
        var (source, draw, noise, counts) = c.HasInput("noise") ? Given(c, batch) : FromFiles(c, batch);
        using var op = new AddNoise(source, low, high, normalize);
        var y = op.Apply(batch, new AddNoiseParameters([.. snr], draw)).Data;
        var plain = PlainNoise.Add(x, noise, batch.Lengths, counts, snr, normalize);
        var full = tensor(batch.Lengths.Select(length => length == x.shape[1]).ToArray()).reshape([-1, .. Enumerable.Repeat(1L, (int)x.dim() - 1)]);
        check.Deviates("noise-level-of-padded", "out.y", y, c.Recorded("out.y").where(full, plain));
    }

    private static (NoiseSource, NoiseDraw, Tensor Noise, long[] Counts) Given(GoldenCase c, AugmentedBatch batch)
    {
        c.Constructor.Expect("noise_funct", "returns in.noise");
        var noise = c.Input("noise");
        return (new GivenNoise(noise), new GivenNoiseDraw(), noise.expand_as(batch.Data), [.. batch.Lengths]);
    }

    private static (NoiseSource, NoiseDraw, Tensor Noise, long[] Counts) FromFiles(GoldenCase c, AugmentedBatch batch)
    {
        int noiseRate = c.Constructor.Int("noise_sample_rate", 16000), rate = c.Constructor.Int("clean_sample_rate", 16000);
        var recorded = c.Input("noise_batch");
        if (noiseRate != rate)
            recorded = Functional.Resample(recorded, noiseRate, rate);
        long time = batch.Shape.Time;
        // The loader truncates.
        long[] lengths = (c.Input("noise_len") * recorded.shape[1]).to(ScalarType.Int64).data<long>().ToArray();
        long[] wanted = (c.Input("lengths") * time).to(ScalarType.Int64).data<long>().ToArray();
        if (c.Constructor.Bool("pad_noise", false))
            while (lengths.Zip(wanted).Any(pair => pair.First < pair.Second))
            {
                // SpeechBrain's way to repeat: all rows get the samples of the shortest in front.
                long least = lengths.Min();
                recorded = cat([recorded.narrow(1, 0, least), recorded], 1);
                lengths = [.. lengths.Select(length => length + least)];
            }
        long start = c.Constructor.LongOrNull("start_index") ?? c.Draws.Next("torch.randint").Longs.Single();
        var bank = new NoiseBank([.. lengths.Select((length, i) => recorded[i].narrow(0, 0, length))], rate);
        var padded = nn.functional.pad(recorded, [0, Math.Max(0, start + time - recorded.shape[1])]).narrow(1, start, time);
        return (
            new BankNoise(bank), new BankNoiseDraw([.. Enumerable.Range(0, lengths.Length)], [start]), padded,
            [.. lengths.Select((length, i) => Math.Min(length - start, batch.Lengths[i]))]);
    }
}
