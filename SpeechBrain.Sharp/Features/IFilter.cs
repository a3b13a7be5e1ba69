namespace SpeechBrain.Sharp.Features;

/// <summary>A module that works over time like a filter and can say what it reaches.</summary>
public interface IFilter
{
    /// <summary>Window, stride, dilation and causality in input frames (samples, for a module that takes waveforms).</summary>
    FilterProperties GetFilterProperties();
}
