using NUnit.Framework;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Decoding;

[TestFixture]
public sealed class EditAlignmentTests
{
    [TestCase("kitten", "sitting", "S===S=I")]
    [TestCase("", "", "")]
    [TestCase("abc", "", "DDD")]
    [TestCase("", "abc", "III")]
    [TestCase("abcd", "bcde", "D===I")]
    [TestCase("the", "tthe", "=I==", Description = "of two equally short paths the insertion comes late")]
    [TestCase("ab", "ba", "D=I")]
    public void KnownAlignments(string reference, string hypothesis, string edits) => Assert.That(Edits(reference, hypothesis), Is.EqualTo(edits));

    /// <summary>The number of edits is the least there is (by exhaustive recursion), and the path leads from one sequence to the other.</summary>
    [Test]
    public void PathsAreShortestAndComplete()
    {
        string[] words =
        [
            .. from length in Enumerable.Range(0, 5)
               from n in Enumerable.Range(0, 1 << length)
               select Convert.ToString(n, 2).PadLeft(length, '0')[..length],
        ];
        foreach (string reference in words.Where((_, i) => i % 3 == 0))
        {
            foreach (string hypothesis in words)
            {
                var path = EditAlignment.Align(reference.ToList(), hypothesis.ToList());
                Assert.That(path.Count(p => p.Edit != Edit.Equal), Is.EqualTo(Distance(reference, hypothesis)), $"{reference} -> {hypothesis}");
                Assert.That(path.Where(p => p.Reference is not null).Select(p => p.Reference), Is.EqualTo(Enumerable.Range(0, reference.Length)));
                Assert.That(path.Where(p => p.Hypothesis is not null).Select(p => p.Hypothesis), Is.EqualTo(Enumerable.Range(0, hypothesis.Length)));
                Assert.That(
                    path.Where(p => p.Reference is not null && p.Hypothesis is not null),
                    Has.All.Matches<AlignedPair>(p => reference[p.Reference!.Value] == hypothesis[p.Hypothesis!.Value] == (p.Edit == Edit.Equal)));
            }
        }
    }

    [Test]
    public void EqualityCanBeOnesOwn()
    {
        string[] reference = ["A", "B"], hypothesis = ["a", "b"];
        Assert.That(EditAlignment.Align(reference, hypothesis).Select(p => p.Edit), Has.All.EqualTo(Edit.Substitution));
        Assert.That(EditAlignment.Align(reference, hypothesis, StringComparer.OrdinalIgnoreCase).Select(p => p.Edit), Has.All.EqualTo(Edit.Equal));
    }

    [Test]
    public void NullIsRefused()
    {
        Refusal.Of(() => EditAlignment.Align(null!, new List<int>()), "reference");
        Refusal.Of(() => EditAlignment.Align(new List<int>(), null!), "hypothesis");
    }

    private static string Edits(string reference, string hypothesis) => string.Concat(
        EditAlignment.Align(reference.ToList(), hypothesis.ToList())
            .Select(p => p.Edit switch { Edit.Equal => '=', Edit.Insertion => 'I', Edit.Deletion => 'D', _ => 'S' }));

    private static int Distance(string a, string b) =>
        a.Length == 0 ? b.Length
        : b.Length == 0 ? a.Length
        : Math.Min(Distance(a[1..], b[1..]) + (a[0] == b[0] ? 0 : 1), 1 + Math.Min(Distance(a[1..], b), Distance(a, b[1..])));
}
