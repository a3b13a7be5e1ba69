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
        for (var frame = 0; frame < mono.Length; frame++)
        {
            var sum = 0f;
            for (var channel = 0; channel < Channels; channel++)
                sum += Samples[frame * Channels + channel];
            mono[frame] = sum / Channels;
        }

        return mono;
    }

    /// <summary>A copy on <paramref name="device"/>.</summary>
    /// <param name="device">Where the tensor lives; the CPU when null.</param>
    /// <returns>float32, <c>[frames, channels]</c>.</returns>
    public Tensor ToTensor(Device? device = null) => torch.tensor(Samples, [Frames, Channels], dtype: float32, device: device ?? CPU);
}
