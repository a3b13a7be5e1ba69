using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>What a search is given, checked: the encoder's output and how many frames of it each utterance has.</summary>
internal sealed class EncodedBatch
{
    private readonly Tensor rows;
    private readonly long time;

    /// <param name="encoded"><c>[batch, time, joint]</c>.</param>
    /// <param name="lengths">Frames of each utterance; null: all.</param>
    public EncodedBatch(Tensor encoded, long[]? lengths)
    {
        Require.Rank(encoded, nameof(encoded), "[batch, time, joint]", 3);
        Require.Floating(encoded, nameof(encoded));
        time = encoded.size(1);
        Lengths = lengths ?? [.. Enumerable.Repeat(time, (int)encoded.size(0))];
        if (Lengths.Length != encoded.size(0))
            throw new ArgumentException(
                $"lengths has {Lengths.Length} items; one for each of the {encoded.size(0)} utterances is needed.", nameof(lengths));
        foreach (long length in Lengths)
            Require.Range(length, nameof(lengths), 0, time);
        rows = encoded.flatten(0, 1);
    }

    /// <summary>Frames of each utterance.</summary>
    public long[] Lengths { get; }

    /// <summary>Where the frames lie.</summary>
    public Device Device => rows.device;

    /// <summary>Some frames, <c>[count, joint]</c>.</summary>
    public Tensor Select(IEnumerable<(int Utterance, long Frame)> frames) =>
        rows.index_select(0, Index(frames.Select(f => f.Utterance * time + f.Frame)));

    /// <summary>Numbers as indices on the frames' device.</summary>
    public Tensor Index(IEnumerable<long> numbers) => tensor(numbers.ToArray(), dtype: ScalarType.Int64, device: rows.device);

    /// <summary>The values of a float64 tensor. Waits for its device.</summary>
    public static double[] HostValues(Tensor float64)
    {
        using var host = float64.cpu().contiguous();
        using var values = host.data<double>();
        return values.ToArray();
    }
}
