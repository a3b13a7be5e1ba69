using NUnit.Framework;
using SpeechBrain.Sharp.Samples.LibriSpeech;

namespace SpeechBrain.Sharp.Tests.Samples;

public sealed class PromptSplitTests
{
    private static Prompt Prompt(string key, string text, double seconds = 1) => new(key, text, key + ".wav", seconds);

    [Test]
    public void AMenuAndASentenceAreOnOneSideOnly()
    {
        var (train, heldOut) = PromptSplit.Choose(
        [
            Prompt("vm-press", "PRESS"), Prompt("vm-bye", "GOODBYE"), Prompt("dir-press", "PRESS"),
            Prompt("conf-bye", "GOODBYE"), Prompt("conf-muted", "MUTED"), Prompt("letters/a", "A"), Prompt("hello", "HELLO"),
        ]);
        Assert.That(train.Select(p => p.Key), Is.EqualTo(new[] { "vm-bye", "vm-press", "dir-press" }));
        Assert.That(heldOut.Select(p => p.Key), Is.EqualTo(new[] { "conf-muted" }));
    }

    [Test]
    public void TooShortAndTooLongIsLeftOut()
    {
        Prompt[] prompts = [Prompt("vm-a", "A", 0.49), Prompt("vm-b", "B", 0.5), Prompt("vm-c", "C", 2.0), Prompt("vm-d", "D", 2.01)];
        var (train, _) = PromptSplit.Choose(prompts);
        Assert.That(train.Select(p => p.Key), Is.EqualTo(new[] { "vm-b", "vm-c" }));
    }

    [Test]
    public void TheChoiceIsBoundedAndDoesNotDependOnTheOrderOfThePackage()
    {
        var prompts = Enumerable.Range(0, 200).Select(i => Prompt($"vm-{i:D3}", $"{i}")).ToList();
        var (train, _) = PromptSplit.Choose(prompts);
        prompts.Reverse();
        var (again, _) = PromptSplit.Choose(prompts);
        Assert.That(train, Has.Count.EqualTo(PromptSplit.MaxPrompts));
        Assert.That(again, Is.EqualTo(train));
    }
}
