namespace SpeechBrain.Sharp.Decoding;

/// <summary>
/// The beam of one utterance. It walks from frame to frame by itself and stops where it needs the networks' scores, so that the searcher can
/// run the networks for all utterances at once.
/// </summary>
/// <remarks>
/// In each frame the hypotheses still in it (SpeechBrain's A, <c>process_hyps</c>) are taken out best first. Blank takes a hypothesis out of the
/// frame (B, <c>beam_hyps</c>), labels put longer ones back into A. A frame ends when B has <c>BeamSize</c> hypotheses, or its best is
/// <c>StateBeam</c> better than the best of A, or A is empty. To that come, against a frame without an end: a hypothesis that has emitted
/// <c>MaxSymbolsPerStep</c> labels in the frame goes on with blank alone; and of those with equally many, no more than the square of
/// <c>BeamSize</c> are taken out. So B is never empty: what is taken out of A gives B or A a longer one, up to the limit, and then B.
/// </remarks>
internal sealed class BeamUtterance
{
    private readonly int index;
    private readonly long frames, blankId;
    private readonly TransducerBeamSearchOptions options;
    private readonly Action<long> freeRow;
    private readonly Dictionary<(BeamPrefix, int), BeamEntry> places = [];
    private readonly Dictionary<int, long> taken = [];
    private readonly HashSet<BeamPrefix> known = [];
    private readonly List<BeamEntry> process = [];
    private List<BeamEntry> beam;
    private long frame = -1;

    /// <param name="index">Which utterance of the batch.</param>
    /// <param name="frames">Its frames.</param>
    /// <param name="root">The empty labels, with a row of their own.</param>
    /// <param name="blankId">Which output is blank.</param>
    /// <param name="options">What is kept.</param>
    /// <param name="freeRow">Gives back the row of a prefix that is gone.</param>
    public BeamUtterance(int index, long frames, BeamPrefix root, long blankId, TransducerBeamSearchOptions options, Action<long> freeRow)
    {
        (this.index, this.frames, this.blankId, this.options, this.freeRow) = (index, frames, blankId, options, freeRow);
        beam = [new BeamEntry(root, 0, 0)];
        known.Add(root);
        BeginFrame();
    }

    /// <summary>Which utterance of the batch.</summary>
    public int Index => index;

    /// <summary>The frame it stands in.</summary>
    public long Frame => frame;

    /// <summary>Goes on as far as the known scores allow.</summary>
    /// <returns>Prefixes to be scored in <see cref="Frame"/>; none at the utterance's end.</returns>
    public IReadOnlyList<BeamPrefix> Advance()
    {
        while (frame < frames)
        {
            while (process.Count > 0 && beam.Count < options.BeamSize)
            {
                var best = process.MaxBy(Rank)!;   // of equal ones the first
                if (beam.Count > 0 && Total(beam.MaxBy(Rank)!) >= options.StateBeam + Total(best))
                    break;
                if (best.Prefix.ScoredFrame != frame)
                    return Unscored();
                process.Remove(best);
                places.Remove((best.Prefix, best.Symbols));
                taken[best.Symbols] = taken.GetValueOrDefault(best.Symbols) + 1;
                if (taken[best.Symbols] <= (long)options.BeamSize * options.BeamSize)
                    Continue(best, best.Prefix.Scores!);
            }
            BeginFrame();
        }
        return [];
    }

    /// <summary>The hypotheses, best first.</summary>
    public IReadOnlyList<BeamHypothesis> NBest() =>
    [
        .. beam.OrderByDescending(Rank).Take(options.NBest)
            .Select(e => new BeamHypothesis(e.Prefix.Tokens(), e.LogProbability, e.Prefix.LanguageModelLogProbability, Rank(e))),
    ];

    private double Total(BeamEntry entry) =>
        options.LmWeight > 0 ? entry.LogProbability + options.LmWeight * entry.Prefix.LanguageModelLogProbability : entry.LogProbability;

    private double Rank(BeamEntry entry) => options.NormalizeByLength ? Total(entry) / (entry.Prefix.Length + 1) : Total(entry);

    // The best of A and those that may be next: whatever leaves the frame is evaluated, and places there are left for so many.
    private IReadOnlyList<BeamPrefix> Unscored() =>
    [
        .. process.OrderByDescending(Rank).Take(options.BeamSize - beam.Count).Select(e => e.Prefix).Where(p => p.ScoredFrame != frame).Distinct(),
    ];

    private void BeginFrame()
    {
        frame++;
        var live = beam.Select(e => e.Prefix).ToHashSet();
        foreach (var prefix in known)
        {
            if (prefix.Row is { } row && (frame == frames || !live.Contains(prefix)))
            {
                freeRow(row);
                prefix.Row = null;
            }
        }
        if (frame == frames)
            return;
        known.Clear();
        known.UnionWith(live);
        process.Clear();
        places.Clear();
        taken.Clear();
        foreach (var entry in beam)
            Enter(entry.Prefix, entry.LogProbability, 0);
        beam = [];
    }

    private void Continue(BeamEntry entry, BeamScores scores)
    {
        double bestLabel = scores.LogProbabilities.Where((_, i) => scores.Outputs[i] != blankId).DefaultIfEmpty(double.NaN).First();
        bool last = entry.Symbols == options.MaxSymbolsPerStep, left = false;
        for (int i = 0; i < scores.Outputs.Length; i++)
        {
            double log = scores.LogProbabilities[i];
            if (scores.Outputs[i] == blankId)
            {
                Leave(entry, scores.Blank);
                left = true;
            }
            else if (!last && log >= bestLabel - options.ExpandBeam && IsPossible(log) && IsPossible(scores.LanguageModel?[i] ?? 0))
            {
                Enter(Longer(entry.Prefix, scores.Outputs[i], scores.LanguageModel?[i] ?? 0), entry.LogProbability + log, entry.Symbols + 1);
            }
        }
        if (last && !left)
            Leave(entry, scores.Blank);
    }

    // What is impossible is not followed: it could fill the beam.
    private static bool IsPossible(double logProbability) => !double.IsNegativeInfinity(logProbability);

    private BeamPrefix Longer(BeamPrefix prefix, int token, double languageModel)
    {
        var longer = new BeamPrefix(prefix, token, prefix.LanguageModelLogProbability + languageModel);
        if (known.TryGetValue(longer, out var same))
            return same;
        known.Add(longer);
        return longer;
    }

    // Equal labels that have emitted differently many of them in this frame stay apart until they leave it: the limit counts each by itself.
    private void Enter(BeamPrefix prefix, double logProbability, int symbols)
    {
        if (options.MergeDuplicates && places.TryGetValue((prefix, symbols), out var same))
        {
            same.Merge(logProbability);
            return;
        }
        var entry = new BeamEntry(prefix, logProbability, symbols);
        places[(prefix, symbols)] = entry;
        process.Add(entry);
    }

    private void Leave(BeamEntry entry, double blank)
    {
        double logProbability = entry.LogProbability + blank;
        if (options.MergeDuplicates && beam.Find(e => ReferenceEquals(e.Prefix, entry.Prefix)) is { } same)
            same.Merge(logProbability);
        else
            beam.Add(new BeamEntry(entry.Prefix, logProbability, 0));
    }
}
