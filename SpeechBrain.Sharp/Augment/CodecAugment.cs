using SpeechBrain.Sharp.Parallelism;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Sends waveforms through a codec, drawn from a list: telephone and compressed speech.</summary>
/// <remarks>
/// <para>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/codec.py, CodecAugment</c>, which draws one codec a batch (<c>perBatch: true</c>), codes the
/// examples as channels of one file, and relies on a part of torchaudio that is no more.
/// </para>
/// <para>
/// The laws of G.711 are computed on the device. For the others <b>the batch goes through host memory and the program ffmpeg</b>, each channel of
/// each example in two processes of its own: some 0.1 s each, and the device is waited for.
/// </para>
/// </remarks>
public sealed class CodecAugment : Augmentation<CodecAugmentParameters>
{
    private readonly Ffmpeg? ffmpeg;

    /// <summary>Makes the augmentation, and looks for ffmpeg if it will be needed.</summary>
    /// <param name="sampleRate">Rate of the waveforms in Hz; only ffmpeg's codecs ask for it.</param>
    /// <param name="codecs">What is drawn from; null: SpeechBrain's, mu-law, MP3 and G.722. A codec listed twice is drawn twice as often.</param>
    /// <param name="perBatch">Whether one draw holds for the whole batch.</param>
    /// <param name="ffmpegPath">The program; null: the one in PATH.</param>
    /// <exception cref="ArgumentException">A rate below 1, or no codecs.</exception>
    /// <exception cref="FileNotFoundException">A codec needs ffmpeg, and it is not there.</exception>
    public CodecAugment(long sampleRate = 16000, IReadOnlyList<Codec>? codecs = null, bool perBatch = false, string? ffmpegPath = null)
        : base(nameof(CodecAugment))
    {
        Require.Range(sampleRate, nameof(sampleRate), 1);
        Codecs = [.. codecs ?? [Codec.PcmMulaw, Codec.Mp3, Codec.G722]];
        if (Codecs.Count == 0)
            throw new ArgumentException("codecs is empty; give at least one, for example [Codec.PcmMulaw].", nameof(codecs));
        foreach (var codec in Codecs)
            Require.Defined(codec, nameof(codecs));
        (SampleRate, PerBatch) = (sampleRate, perBatch);
        if (Codecs.Any(codec => !IsComputed(codec)))
            ffmpeg = Ffmpeg.Find(ffmpegPath);
        foreach (var codec in Codecs.Where(IsComputed))
            G711.Table(codec, CPU);
    }

    /// <summary>Rate of the waveforms in Hz.</summary>
    public long SampleRate { get; }

    /// <summary>The codecs that are drawn from.</summary>
    public IReadOnlyList<Codec> Codecs { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => false;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms;

    /// <inheritdoc/>
    protected override CodecAugmentParameters Draw(Generator generator, BatchShape shape) =>
        new([.. Draws.Integers(generator, PerBatch ? 1 : shape.Batch, 0, Codecs.Count - 1).Select(draw => Codecs[(int)draw])]);

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, CodecAugmentParameters parameters)
    {
        RequireValues(parameters.Codec, nameof(parameters.Codec), batch.Shape);
        if (parameters.Codec.Except(Codecs).ToArray() is [var unknown, ..])
            throw new ArgumentException(
                $"Codec {unknown} is not one of this augmentation's codecs: {string.Join(", ", Codecs)}.", nameof(parameters));
        int[] order = [.. Enumerable.Range(0, (int)batch.Shape.Batch).OrderBy(i => parameters.Codec.At(i))];
        var data = batch.Data.detach();
        if (parameters.Codec.Count == 1 || Codecs.Count == 1)
            return batch.With(batch.Silence(Coded(data, parameters.Codec[0], order, batch)));
        var result = data.clone();
        var rows = tensor(order.Select(i => (long)i).ToArray(), ScalarType.Int64).to(data.device);
        int first = 0;
        // Every codec's turn comes, by however few examples, so that the number of operators is the same for every batch.
        foreach (var codec in Codecs.Distinct().Order())
        {
            int count = order.Count(i => parameters.Codec.At(i) == codec);
            var own = rows.narrow(0, first, count);
            result.index_copy_(0, own, Coded(data.index_select(0, own), codec, order[first..(first + count)], batch));
            first += count;
        }
        return batch.With(batch.Silence(result));
    }

    private static bool IsComputed(Codec codec) => codec is Codec.PcmMulaw or Codec.PcmAlaw;

    // Rows of the batch, whose places in it are given.
    private Tensor Coded(Tensor rows, Codec codec, int[] places, AugmentedBatch batch) => codec switch
    {
        Codec.PcmMulaw => Functional.MuLaw(rows),
        Codec.PcmAlaw => Functional.ALaw(rows),
        _ => ByFfmpeg(rows, codec, places, batch),
    };

    private Tensor ByFfmpeg(Tensor rows, Codec codec, int[] places, AugmentedBatch batch)
    {
        long[] shape = rows.shape;
        int time = checked((int)shape[1]), channels = (int)batch.Shape.Channels;
        // One channel a row, [rows, channels, time].
        var host = rows.reshape(shape[0], time, channels).transpose(1, 2).to(ScalarType.Float32).cpu().contiguous();
        float[] samples = host.data<float>().ToArray();
        ParallelParts.Run(get_num_threads(), places.Length * channels, part =>
        {
            int length = (int)batch.Lengths[places[part / channels]];
            var valid = samples.AsSpan(checked((int)part * time), length);
            if (length > 0)
                ffmpeg!.RoundTrip(valid.ToArray(), SampleRate, codec).CopyTo(valid);
        });
        return tensor(samples, [shape[0], channels, time], ScalarType.Float32).transpose(1, 2).reshape(shape).to(rows.device).to(rows.dtype);
    }
}
