using System.Text;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>
/// Gathers recognition results and reports word error rate (WER), character error rate (CER) and sentence error rate (SER) in SpeechBrain's
/// and Kaldi's form.
/// </summary>
/// <remarks>
/// Source: SpeechBrain 1.1.0, <c>utils/metric_stats.py</c>, <c>utils/edit_distance.py</c> and <c>dataio/wer.py</c>. The recipe splits text
/// by single spaces, so that an empty text is one empty token; <see cref="Append(string, string, string)"/> does the same. Two utterances
/// of one id are both scored; in SpeechBrain, the later of a batch replaces the earlier.
/// <code>
/// var wer = new ErrorRateStats();
/// wer.Append("utt1", predict: "the cat sat on mat", target: "the cat sat on the mat");
/// Console.WriteLine(wer.Summarize()); // %WER 16.67 [ 1 / 6, 0 ins, 1 del, 0 sub ]
/// </code>
/// </remarks>
public sealed class ErrorRateStats
{
    private readonly List<UtteranceErrors> scores = [];
    private readonly IEqualityComparer<string>? equality;

    /// <param name="mergeTokens">Join each sequence and split it at <paramref name="spaceToken"/>: characters to words.</param>
    /// <param name="splitTokens">
    /// Join each sequence with <paramref name="spaceToken"/> and split it into characters (which then include that token): CER.
    /// </param>
    /// <param name="spaceToken">What stands between words.</param>
    /// <param name="equality">When two tokens are equal; ordinal by default.</param>
    /// <exception cref="ArgumentException"><paramref name="mergeTokens"/> with an empty <paramref name="spaceToken"/>.</exception>
    public ErrorRateStats(bool mergeTokens = false, bool splitTokens = false, string spaceToken = "_", IEqualityComparer<string>? equality = null)
    {
        ArgumentNullException.ThrowIfNull(spaceToken);
        if (mergeTokens && spaceToken.Length == 0)
            throw new ArgumentException("spaceToken is empty; merging needs something to split at.", nameof(spaceToken));
        (MergeTokens, SplitTokens, SpaceToken, this.equality) = (mergeTokens, splitTokens, spaceToken, equality);
    }

    /// <summary>Whether tokens are merged into words.</summary>
    public bool MergeTokens { get; }

    /// <summary>Whether tokens are split into characters.</summary>
    public bool SplitTokens { get; }

    /// <summary>What stands between words.</summary>
    public string SpaceToken { get; }

    /// <summary>What was appended, in order.</summary>
    public IReadOnlyList<UtteranceErrors> Scores => scores;

    /// <summary>Scores one utterance of words separated by single spaces.</summary>
    /// <param name="id">The utterance's name.</param>
    /// <param name="predict">The recognised text.</param>
    /// <param name="target">The text that was said.</param>
    /// <returns>Its errors.</returns>
    public UtteranceErrors Append(string id, string predict, string target)
    {
        ArgumentNullException.ThrowIfNull(predict);
        ArgumentNullException.ThrowIfNull(target);
        return Append(id, predict.Split(' '), target.Split(' '));
    }

    /// <summary>Scores one utterance of tokens.</summary>
    /// <param name="id">The utterance's name.</param>
    /// <param name="predict">The recognised tokens.</param>
    /// <param name="target">The tokens that were said.</param>
    /// <returns>Its errors.</returns>
    public UtteranceErrors Append(string id, IReadOnlyList<string> predict, IReadOnlyList<string> target)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(predict);
        ArgumentNullException.ThrowIfNull(target);
        if (predict.Contains(null!) || target.Contains(null!))
            throw new ArgumentException($"'{id}' has a token that is null.", predict.Contains(null!) ? nameof(predict) : nameof(target));
        var (hypothesis, reference) = (Prepare(predict), Prepare(target));
        var errors = new UtteranceErrors(id, reference, hypothesis, EditAlignment.Align(reference, hypothesis, equality ?? StringComparer.Ordinal));
        scores.Add(errors);
        return errors;
    }

    /// <summary>Scores a batch.</summary>
    /// <param name="ids">The utterances' names.</param>
    /// <param name="predict">The recognised tokens of each.</param>
    /// <param name="target">The tokens that were said, of each.</param>
    /// <exception cref="ArgumentException">The lists differ in length; nothing is scored then.</exception>
    public void Append(IReadOnlyList<string> ids, IReadOnlyList<IReadOnlyList<string>> predict, IReadOnlyList<IReadOnlyList<string>> target)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(predict);
        ArgumentNullException.ThrowIfNull(target);
        if (ids.Count != predict.Count || ids.Count != target.Count)
            throw new ArgumentException(
                $"there are {ids.Count} ids, {predict.Count} predictions and {target.Count} targets; one of each for every utterance is needed.",
                nameof(predict));
        for (int i = 0; i < ids.Count; i++)
            Append(ids[i], predict[i], target[i]);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => scores.Clear();

    /// <summary>The errors of all utterances so far.</summary>
    /// <returns>A summary whose <c>ToString</c> is SpeechBrain's line.</returns>
    public ErrorRateSummary Summarize() => new(
        scores.Sum(s => s.Edits), scores.Sum(s => s.ReferenceTokens), scores.Sum(s => s.Insertions), scores.Sum(s => s.Deletions),
        scores.Sum(s => s.Substitutions), scores.Count(s => s.Edits > 0), scores.Count);

    /// <summary>Writes summary and alignments as SpeechBrain does, lines ending in a single line feed.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteStats(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var summary = Summarize();
        writer.Write($"{summary}\n");
        writer.Write($"%SER {Percent.Format(summary.SentenceErrorRate)} [ {summary.ErroneousSentences} / {summary.Sentences} ]\n");
        // Kaldi's form counts missing hypotheses; here each utterance comes with its own.
        writer.Write($"Scored {summary.Sentences} sentences, 0 not present in hyp.\n");
        AlignmentText.WriteHeader(writer);
        foreach (var score in scores)
            AlignmentText.Write(writer, score);
    }

    private IReadOnlyList<string> Prepare(IReadOnlyList<string> tokens)
    {
        if (MergeTokens)
            tokens = string.Concat(tokens).Split(SpaceToken);
        if (SplitTokens)
            tokens = [.. string.Join(SpaceToken, tokens).EnumerateRunes().Select(r => r.ToString())];
        return tokens;
    }
}
