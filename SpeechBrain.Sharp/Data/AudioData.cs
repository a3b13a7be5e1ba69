using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Data;

/// <summary>Decoded audio in managed memory.</summary>
/// <param name="Samples">Frame after frame, the channels of a frame side by side: <c>[frames, channels]</c>, full scale is -1 to 1.</param>
/// <param name="SampleRate">Hz.</param>
/// <param name="Channels">Channels, at least 1.</param>
public sealed record AudioData(float[] Samples, int SampleRate, int Channels)
{
    /// <summary>Samples in each channel.</summary>
    public int Frames => Samples.Length / Channels;

    /// <summary>Seconds.</summary>
    public double Duration => (double)Frames / SampleRate;

    /// <summary>One sample a frame: the mean of the channels. A mono signal comes back as it is, without a copy.</summary>
    /// <returns>float32, <c>[frames]</c>.</returns>
    public float[] ToMono()
    {
        if (Channels == 1)
            return Samples;

        var mono = new float[Frames];
        Average(Samples, mono);
        return mono;
    }

    /// <summary>A copy on <paramref name="device"/>.</summary>
    /// <param name="device">Where the tensor lives; the CPU when null.</param>
    /// <returns>float32, <c>[frames, channels]</c>.</returns>
    public Tensor ToTensor(Device? device = null) => torch.tensor(Samples, [Frames, Channels], dtype: float32, device: device ?? CPU);

    /// <summary>The mean of each frame's channels.</summary>
    /// <param name="samples">Frame after frame, the channels of a frame side by side.</param>
    /// <param name="mono">One sample a frame.</param>
    internal static void Average(ReadOnlySpan<float> samples, Span<float> mono)
    {
        var channels = mono.Length == 0 ? 0 : samples.Length / mono.Length;
        for (var frame = 0; frame < mono.Length; frame++)
        {
            var sum = 0f;
            foreach (var sample in samples.Slice(frame * channels, channels))
                sum += sample;
            mono[frame] = sum / channels;
        }
    }
}
