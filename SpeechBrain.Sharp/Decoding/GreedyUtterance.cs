namespace SpeechBrain.Sharp.Decoding;

/// <summary>How far a greedy search has come in one utterance.</summary>
internal sealed class GreedyUtterance(int index, long frames)
{
    private readonly List<int> tokens = [];
    private double logProbability;
    private int symbols;

    /// <summary>Which utterance of the batch.</summary>
    public int Index => index;

    /// <summary>The frame to look at next.</summary>
    public long Frame { get; private set; }

    /// <summary>Frames in all.</summary>
    public long Frames => frames;

    /// <summary>The label emitted last.</summary>
    public int Label => tokens[^1];

    /// <summary>What was heard.</summary>
    public GreedyHypothesis Hypothesis => new(tokens, logProbability);

    /// <summary>
    /// Reads the likeliest outputs of the frames from <see cref="Frame"/> on, until one is a label. From there on they are void, since they were
    /// made without that label.
    /// </summary>
    /// <returns>Whether there was a label.</returns>
    public bool Read(ReadOnlySpan<double> labels, ReadOnlySpan<double> logProbabilities, long blankId, int maxSymbolsPerStep)
    {
        for (int i = 0; i < labels.Length && Frame < frames; i++)
        {
            if (!double.IsFinite(logProbabilities[i]))
                throw new ArgumentException(
                    $"the outputs of frame {Frame} of utterance {index} are not finite; look for NaN in encoded or in the weights.", "encoded");
            if (labels[i] == blankId)
            {
                (Frame, symbols) = (Frame + 1, 0);
                continue;
            }
            tokens.Add((int)labels[i]);
            logProbability += logProbabilities[i];
            if (++symbols == maxSymbolsPerStep)
                (Frame, symbols) = (Frame + 1, 0);
            return true;
        }
        return false;
    }
}
