using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Log mel energies (Fbank), and their normalisation.</summary>
internal sealed record FeatureRecipe
{
    [Description("Hz of the audio")]
    public int SampleRate { get; init; } = 16000;

    [Description("points of the Fourier transform")]
    public int NFft { get; init; } = 512;

    [Description("mel bands")]
    public int NMels { get; init; } = 80;

    [Description("milliseconds of a window; windows are 10 ms apart")]
    public double WinLength { get; init; } = 32;

    [Description("the running mean and deviation take in the epochs before this one; 0: all")]
    public int UpdateUntilEpoch { get; init; } = 4;

    internal void Check()
    {
        RangeException.Unless(SampleRate is >= 1000 and <= 192000, nameof(SampleRate), SampleRate, "1000 to 192000");
        RangeException.Unless(WinLength is >= 1 and <= 1000, nameof(WinLength), WinLength, "1 to 1000");
        int samples = (int)Math.Round(SampleRate * WinLength / 1000);
        RangeException.Unless(NFft >= samples && NFft <= 1 << 20, nameof(NFft), NFft, $"at least the samples of a window ({samples})");
        RangeException.Unless(NMels >= 4 && NMels <= NFft / 2, nameof(NMels), NMels, $"4 to half of n_fft ({NFft / 2})");
        RangeException.Unless(UpdateUntilEpoch is 0 or >= 2, nameof(UpdateUntilEpoch), UpdateUntilEpoch, "at least 2, or 0");
    }
}
