using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// The sum of other utterances of the same batch: people who talk in the background, with no file to read. An example of a batch of one gets
/// no noise.
/// </summary>
/// <remarks>
/// After <c>AddBabble</c> of earlier SpeechBrain, whose speakers were the examples before; here they are drawn for each example. The sums are one
/// product of a matrix of zeros and ones with the batch.
/// </remarks>
public sealed class BabbleNoise : NoiseSource
{
    /// <summary>Makes the source.</summary>
    /// <param name="speakerCount">Utterances in the background, at least 1; at most all others of the batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number below 1.</exception>
    public BabbleNoise(int speakerCount = 3)
        : base(nameof(BabbleNoise))
    {
        Require.Range(speakerCount, nameof(speakerCount), 1);
        SpeakerCount = speakerCount;
    }

    /// <summary>Utterances in the background.</summary>
    public int SpeakerCount { get; }

    internal override bool MixesExamples => true;

    internal override BabbleNoiseDraw Draw(Generator generator, BatchShape shape, bool perBatch) =>
        new([.. Enumerable.Range(0, (int)shape.Batch).Select(i => Others(generator, i, shape.Batch))]);

    internal override void RequireFit(NoiseDraw draw, BatchShape shape)
    {
        var speakers = Own<BabbleNoiseDraw>(draw).Speakers;
        if (speakers.Count != shape.Batch)
            throw new ArgumentException(
                $"Speakers holds {speakers.Count} lists for a batch of {shape.Batch}; give one for each example.", "parameters");
        foreach (int speaker in speakers.SelectMany(others => others))
            Require.Range(speaker, "Speakers", 0, shape.Batch - 1);
    }

    internal override double[][] Numbers(NoiseDraw draw, BatchShape shape) =>
    [
        .. Own<BabbleNoiseDraw>(draw).Speakers.Select(others =>
        {
            var row = new double[shape.Batch];
            foreach (int other in others)
                row[other]++;
            return row;
        }),
    ];

    internal override Tensor Make(NoiseDraw draw, AugmentedBatch batch, Tensor numbers, ScalarType dtype)
    {
        long[] sizes = [.. batch.Shape.Sizes];
        var voices = batch.Silence(batch.Data).to(dtype).reshape(sizes[0], -1);
        return numbers.to(dtype).mm(voices).reshape(sizes);
    }

    private ValueList<int> Others(Generator generator, int example, long batch) =>
    [
        .. Draws.Permutation(generator, batch - 1).Take(SpeakerCount).Select(other => (int)(other < example ? other : other + 1)),
    ];
}
