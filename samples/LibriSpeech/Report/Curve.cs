namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Values over training steps.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Step and value, steps rising; values may be NaN or infinite.</param>
internal sealed record Curve(string Name, IReadOnlyList<(double Step, double Value)> Points)
{
    /// <summary>The points in at most <paramref name="count"/> groups of neighbours: a picture has only so many pixels.</summary>
    internal IReadOnlyList<Group> Groups(int count)
    {
        int size = Math.Max(1, (Points.Count + count - 1) / count);
        return [.. Points.Chunk(size).Select(points => new Group(points))];
    }

    /// <summary>Neighbours on a curve, those with finite values.</summary>
    internal sealed class Group
    {
        internal Group((double Step, double Value)[] points)
        {
            (FirstStep, LastStep) = (points[0].Step, points[^1].Step);
            double[] finite = [.. points.Select(point => point.Value).Where(double.IsFinite)];
            (Mean, Low, High) = finite.Length == 0 ? (double.NaN, double.NaN, double.NaN) : (finite.Average(), finite.Min(), finite.Max());
        }

        internal double FirstStep { get; }

        internal double LastStep { get; }

        internal double Step => (FirstStep + LastStep) / 2;

        /// <summary>NaN: none of them is finite.</summary>
        internal double Mean { get; }

        internal double Low { get; }

        internal double High { get; }
    }
}
