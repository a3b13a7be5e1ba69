namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Where steps and values lie in a chart's picture. The page scales the picture to its column.</summary>
/// <param name="Steps">The axis to the right.</param>
/// <param name="Values">The axis upwards.</param>
internal sealed record ChartArea(ChartAxis Steps, ChartAxis Values)
{
    internal const double Width = 460, Height = 250, Left = 46, Right = Width - 10, Top = 10, Bottom = Height - 40;

    /// <summary>From the left edge of the picture.</summary>
    internal double X(double step) => Left + (Right - Left) * Steps.Place(step);

    /// <summary>From its upper edge.</summary>
    internal double Y(double value) => Bottom - (Bottom - Top) * Values.Place(value);
}
