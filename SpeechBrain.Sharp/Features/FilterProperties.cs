namespace SpeechBrain.Sharp.Features;

/// <summary>
/// What a filter over time (a convolution, an STFT, a stack of them) reaches: how many input frames an output frame depends on, and how
/// far apart those are.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/utils/filter_analysis.py</c>.
/// <code>
/// FilterProperties.Stack(new(512, 160), new(3, 2), new(3, 2))    // window 1473, stride 640: the recipe's Fbank and front end
/// </code>
/// </remarks>
public sealed record FilterProperties
{
    /// <summary>Describes a filter.</summary>
    /// <param name="windowSize">Input frames that an output frame depends on, at least 1.</param>
    /// <param name="stride">Input frames from one output frame to the next, at least 1.</param>
    /// <param name="dilation">Distance between neighbouring input frames of a window, at least 1; 1 is no dilation.</param>
    /// <param name="causal">Whether an output frame depends on no later input frame than its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number below 1.</exception>
    public FilterProperties(long windowSize, long stride = 1, long dilation = 1, bool causal = false)
    {
        Require.Range(windowSize, nameof(windowSize), 1);
        Require.Range(stride, nameof(stride), 1);
        Require.Range(dilation, nameof(dilation), 1);
        WindowSize = windowSize;
        Stride = stride;
        Dilation = dilation;
        Causal = causal;
    }

    /// <summary>The filter whose output frames depend on their own input frame alone.</summary>
    public static FilterProperties Pointwise { get; } = new(1);

    /// <summary>Input frames that an output frame depends on.</summary>
    public long WindowSize { get; }

    /// <summary>Input frames from one output frame to the next.</summary>
    public long Stride { get; }

    /// <summary>Distance between neighbouring input frames of a window.</summary>
    public long Dilation { get; }

    /// <summary>Whether an output frame depends on no later input frame than its own.</summary>
    public bool Causal { get; }

    /// <summary>Input frames from the first to the last of a window, those that dilation skips included.</summary>
    public long EffectiveSize => 1 + (WindowSize - 1) * Dilation;

    /// <summary>A filter without causality that depends on the same frames and, besides, on as many later ones; itself if not causal.</summary>
    public FilterProperties GetNoncausalEquivalent() => Causal ? new((WindowSize - 1) * 2 + 1, Stride, Dilation) : this;

    /// <summary>The filter of a chain <c>filters[n-1](... filters[0](x))</c>; <see cref="Pointwise"/> for an empty chain.</summary>
    /// <param name="filters">From the input to the output.</param>
    public static FilterProperties Stack(params ReadOnlySpan<FilterProperties> filters)
    {
        var stacked = Pointwise;
        foreach (var filter in filters)
            stacked = stacked.WithOnTop(filter);
        return stacked;
    }

    /// <summary>Frames that a convolution inserts at each end (at the begin if causal) to keep its frame count.</summary>
    /// <exception cref="InvalidOperationException">The window size is even, so that no padding is symmetric.</exception>
    public long GetConvolutionPadding()
    {
        if (WindowSize % 2 == 0)
            throw new InvalidOperationException($"A window of {WindowSize} frames has no symmetric padding; window sizes must be odd for that.");
        return Causal ? EffectiveSize - 1 : (EffectiveSize - 1) / 2;
    }

    /// <summary>The filter of <c>other(this(x))</c>.</summary>
    /// <param name="other">The filter that follows.</param>
    /// <param name="allowApproximate">
    /// Whether the result may claim dependencies that do not exist, where the exact ones can't be expressed: an even window counts one
    /// frame more (an STFT window of 512 counts as 513), and a causal filter with one that is not becomes <see cref="GetNoncausalEquivalent"/>.
    /// </param>
    /// <exception cref="ArgumentException">The exact result can't be expressed and <paramref name="allowApproximate"/> is false.</exception>
    public FilterProperties WithOnTop(FilterProperties other, bool allowApproximate = true)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.WindowSize % 2 == 0 && !allowApproximate)
            throw new ArgumentException($"A window of {other.WindowSize} frames can't be stacked exactly: window sizes must be odd. Allow approximation.", nameof(other));
        if (Causal != other.Causal)
        {
            if (!allowApproximate)
                throw new ArgumentException("A causal filter and one that is not can't be stacked exactly. Allow approximation.", nameof(other));
            return GetNoncausalEquivalent().WithOnTop(other.GetNoncausalEquivalent());
        }
        long size = other.WindowSize % 2 == 0 ? other.WindowSize + 1 : other.WindowSize;
        return new(WindowSize + Stride * (size - 1), Stride * other.Stride, Dilation * other.Dilation, Causal);
    }
}
