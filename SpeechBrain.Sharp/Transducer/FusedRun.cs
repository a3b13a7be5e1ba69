namespace SpeechBrain.Sharp.Transducer;

/// <summary>Frames of one utterance that are joined with its predictor states at once.</summary>
/// <param name="Utterance">Its place in the batch.</param>
/// <param name="First">The first frame.</param>
/// <param name="Count">How many.</param>
/// <param name="Rows">Predictor states, from the first on.</param>
internal readonly record struct FusedRun(long Utterance, long First, long Count, long Rows)
{
    /// <summary>An utterance's frames in runs.</summary>
    public static IEnumerable<FusedRun> Of(long utterance, long frames, long rows, long framesAtOnce)
    {
        for (long first = 0; first < frames; first += framesAtOnce)
            yield return new(utterance, first, Math.Min(framesAtOnce, frames - first), rows);
    }
}
