using NUnit.Framework;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Decoding;

[TestFixture]
public sealed class ErrorRateStatsTests
{
    [Test]
    public void TheSummaryIsSpeechBrainsLine()
    {
        var stats = new ErrorRateStats();
        stats.Append("a", predict: "the cat sat on mat", target: "the cat sat on the mat");
        Assert.That(stats.Summarize().ToString(), Is.EqualTo("%WER 16.67 [ 1 / 6, 0 ins, 1 del, 0 sub ]"));
        stats.Append("b", predict: "hello there world", target: "hello world");
        stats.Append("c", predict: "same", target: "same");
        var summary = stats.Summarize();
        Assert.That(summary.ToString(), Is.EqualTo("%WER 22.22 [ 2 / 9, 1 ins, 1 del, 0 sub ]"));
        Assert.That(summary.SentenceErrorRate, Is.EqualTo(200.0 / 3).Within(1e-12));
        Assert.That((summary.ErroneousSentences, summary.Sentences), Is.EqualTo((2, 3)));
    }

    [Test]
    public void CharactersAreCountedWithTheSpaces()
    {
        var stats = new ErrorRateStats(splitTokens: true);
        var score = stats.Append("a", predict: "ab cd", target: "ab c");
        Assert.That(score.Reference, Is.EqualTo(new[] { "a", "b", "_", "c" }));
        Assert.That(stats.Summarize().ErrorRate, Is.EqualTo(25));
    }

    [Test]
    public void CharactersBecomeWords()
    {
        var stats = new ErrorRateStats(mergeTokens: true, spaceToken: "|");
        var score = stats.Append("a", predict: ["a", "b", "|", "c"], target: ["a", "b", "|", "d"]);
        Assert.That(score.Reference, Is.EqualTo(new[] { "ab", "d" }));
        Assert.That(score.ErrorRate, Is.EqualTo(50));
    }

    [Test]
    public void EmptyReferencesCountNoTokens()
    {
        var stats = new ErrorRateStats();
        Assert.That(stats.Summarize().ErrorRate, Is.Zero);
        Assert.That(stats.Summarize().SentenceErrorRate, Is.Zero);
        var nothing = stats.Append("a", [], []);
        Assert.That((nothing.ReferenceTokens, nothing.Edits, nothing.ErrorRate), Is.EqualTo((0, 0, 0.0)));
        var insertion = stats.Append("b", predict: "hello world", target: "");
        Assert.That((insertion.ReferenceTokens, insertion.Edits, insertion.ErrorRate), Is.EqualTo((0, 2, 200.0)));
        Assert.That(stats.Summarize().ErrorRate, Is.Zero);
        stats.Clear();
        Assert.That(stats.Scores, Is.Empty);
    }

    [Test]
    public void UtterancesOfOneIdAreAllScored()
    {
        var stats = new ErrorRateStats();
        stats.Append(["a", "a"], [["x"], ["y"]], [["x"], ["x"]]);
        Assert.That(stats.Summarize().ErrorRate, Is.EqualTo(50));
    }

    [Test]
    public void EqualityCanBeOnesOwn()
    {
        var stats = new ErrorRateStats(equality: StringComparer.OrdinalIgnoreCase);
        Assert.That(stats.Append("a", "A B", "a b").Edits, Is.Zero);
    }

    [Test]
    public void AlignmentsArePrintedInThreeCentredLines()
    {
        var stats = new ErrorRateStats();
        stats.Append("utt1", predict: "the cat sat on mat", target: "the cat sat on the mat");
        var writer = new StringWriter();
        stats.WriteStats(writer);
        Assert.That(writer.ToString(), Is.EqualTo(string.Join("\n",
        [
            "%WER 16.67 [ 1 / 6, 0 ins, 1 del, 0 sub ]",
            "%SER 100.00 [ 1 / 1 ]",
            "Scored 1 sentences, 0 not present in hyp.",
            new string('=', 80),
            "ALIGNMENTS",
            "",
            "Format:",
            "<utterance-id>, WER DETAILS",
            "<eps> ; reference  ; on ; the ; first ;  line",
            "  I   ;     S      ; =  ;  =  ;   S   ;   D  ",
            " and  ; hypothesis ; on ; the ; third ; <eps>",
            new string('=', 80),
            "utt1, %WER 16.67 [ 1 / 6, 0 ins, 1 del, 0 sub ]",
            "the ; cat ; sat ; on ;  the  ; mat",
            " =  ;  =  ;  =  ; =  ;   D   ;  = ",
            "the ; cat ; sat ; on ; <eps> ; mat",
            "",
        ])));
    }

    /// <summary>As Python's <c>{:.2f}</c>: exact ties go to the even digit, what only looks like one is rounded by its true value.</summary>
    [TestCase(1, 800, "0.12")]
    [TestCase(3, 800, "0.38")]
    [TestCase(29, 20000, "0.14")]
    [TestCase(201, 20000, "1.00")]
    [TestCase(100, 3, "3333.33")]
    public void PercentagesAreRoundedAsPythonDoes(int edits, int tokens, string percent) =>
        Assert.That(new ErrorRateSummary(edits, tokens, 0, 0, 0, 0, 1).ToString(), Does.StartWith($"%WER {percent} ["));

    [Test]
    public void WrongArgumentsAreNamed()
    {
        var stats = new ErrorRateStats();
        Refusal.Of(() => stats.Append(["a", "b"], [["x"]], [["x"], ["y"]]), "2 ids, 1 predictions and 2 targets");
        Refusal.Of(() => new ErrorRateStats(mergeTokens: true, spaceToken: ""), "spaceToken is empty");
        Refusal.Of(() => stats.WriteStats(null!), "writer");
        Refusal.Of(() => stats.Append("a", ["x", null!], ["x"]), "null");
        Assert.That(stats.Scores, Is.Empty);
    }
}
