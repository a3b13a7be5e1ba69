namespace SpeechBrain.Sharp.Decoding;

/// <summary>A hypothesis on its way through a frame.</summary>
internal sealed class BeamEntry(BeamPrefix prefix, double logProbability, int symbols)
{
    /// <summary>Its labels.</summary>
    public BeamPrefix Prefix => prefix;

    /// <summary>Labels that it has emitted in this frame.</summary>
    public int Symbols => symbols;

    /// <summary>The transducer's log-probability.</summary>
    public double LogProbability { get; private set; } = logProbability;

    /// <summary>Adds the probability of other alignments of the same labels: log(exp(a) + exp(b)).</summary>
    public void Merge(double other)
    {
        double high = Math.Max(LogProbability, other), low = Math.Min(LogProbability, other);
        if (!double.IsNegativeInfinity(low))
            high += double.LogP1(Math.Exp(low - high));
        LogProbability = high;
    }
}
