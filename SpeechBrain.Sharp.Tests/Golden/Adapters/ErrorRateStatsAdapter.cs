using SpeechBrain.Sharp.Decoding;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class ErrorRateStatsAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.utils.metric_stats.ErrorRateStats";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        string[][] pairs = [.. c.Data["pairs_ref_hyp"].Items.Select(p => p.AsStrings())];
        foreach (var (name, stats) in (((string, ErrorRateStats)[])[("wer", new()), ("cer", new(splitTokens: true))]))
        {
            for (int i = 0; i < pairs.Length; i++)
                stats.Append($"utt{i}", predict: pairs[i][1], target: pairs[i][0]);
            var expected = c.Data[name];
            Summary(expected["summary"], stats.Summarize(), check);
            var writer = new StringWriter();
            stats.WriteStats(writer);
            check.Value(expected["text"], writer.ToString());
            foreach (var (utterance, score) in expected["per_utterance"].Items.Zip(stats.Scores))
                Utterance(utterance, score, check);
        }
        var empty = new ErrorRateStats();
        empty.Append("e", [], []);
        Summary(c.Data["empty"]["summary"], empty.Summarize(), check);
    }

    private static void Summary(GoldenValue expected, ErrorRateSummary actual, GoldenCheck check)
    {
        check.Value(expected["WER"], actual.ErrorRate);
        check.Value(expected["error_rate"], actual.ErrorRate);
        check.Value(expected["SER"], actual.SentenceErrorRate);
        check.Value(expected["num_edits"], actual.Edits);
        check.Value(expected["num_scored_tokens"], actual.ReferenceTokens);
        check.Value(expected["num_erroneous_sents"], actual.ErroneousSentences);
        check.Value(expected["num_scored_sents"], actual.Sentences);
        check.Value(expected["num_ref_sents"], actual.Sentences);
        check.Value(expected["num_absent_sents"], 0);
        check.Value(expected["insertions"], actual.Insertions);
        check.Value(expected["deletions"], actual.Deletions);
        check.Value(expected["substitutions"], actual.Substitutions);
    }

    private static void Utterance(GoldenValue expected, UtteranceErrors actual, GoldenCheck check)
    {
        check.Value(expected["key"], actual.Id);
        check.Value(expected["scored"], true);
        check.Value(expected["hyp_absent"], false);
        check.Value(expected["hyp_empty"], actual.Hypothesis.Count == 0);
        check.Value(expected["num_edits"], actual.Edits);
        check.Value(expected["num_ref_tokens"], actual.ReferenceTokens);
        check.Value(expected["WER"], actual.ErrorRate);
        check.Value(expected["insertions"], actual.Insertions);
        check.Value(expected["deletions"], actual.Deletions);
        check.Value(expected["substitutions"], actual.Substitutions);
        check.Value(expected["alignment"], actual.Alignment.Select(p => new object?[] { Symbol(p.Edit), p.Reference, p.Hypothesis }).ToArray());
        check.Value(expected["ref_tokens"], actual.Reference);
        check.Value(expected["hyp_tokens"], actual.Hypothesis);
    }

    private static string Symbol(Edit edit) => edit switch { Edit.Equal => "=", Edit.Insertion => "I", Edit.Deletion => "D", _ => "S" };
}
