using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Data;

public sealed class AudioJournalTests
{
    private TestFolder folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        folder = new TestFolder();
        foreach (var name in new[] { "a\tb.wav", "c.wav" })
            AudioFile.Write(folder[name], new AudioData(new float[1600], 16000, 1));
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    // Another content under the same name, size and time.
    private static void Spoil(string path)
    {
        var time = File.GetLastWriteTimeUtc(path);
        File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
        File.SetLastWriteTimeUtc(path, time);
    }

    [Test]
    public void WhatIsKnownIsNotReadAgain()
    {
        using (var journal = new AudioJournal(folder["journal"]))
            Assert.That(journal.Info(folder["a\tb.wav"]), Is.EqualTo(new AudioInfo(1600, 16000, 1)));
        Spoil(folder["a\tb.wav"]);
        using var again = new AudioJournal(folder["journal"]);
        Assert.That(again.Count, Is.EqualTo(1));
        Assert.That(again.Info(folder["a\tb.wav"]), Is.EqualTo(new AudioInfo(1600, 16000, 1)));
    }

    [Test]
    public void WhatHasChangedIsReadAgain()
    {
        using var journal = new AudioJournal(folder["journal"]);
        journal.Info(folder["c.wav"]);
        AudioFile.Write(folder["c.wav"], new AudioData(new float[1700], 16000, 1));
        Assert.That(journal.Info(folder["c.wav"]).Frames, Is.EqualTo(1700));
        Spoil(folder["c.wav"]);
        File.SetLastWriteTimeUtc(folder["c.wav"], DateTime.UtcNow.AddSeconds(5));
        Assert.That(() => journal.Info(folder["c.wav"]), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void WhatWasNotVerifiedIsVerified()
    {
        using (var journal = new AudioJournal(folder["journal"]))
            journal.Info(folder["c.wav"]);
        Spoil(folder["c.wav"]);
        using var again = new AudioJournal(folder["journal"]);
        Assert.That(() => again.Info(folder["c.wav"], verify: true), Throws.TypeOf<InvalidDataException>().With.Message.Contains("c.wav"));
        Assert.That(again.Info(folder["c.wav"]).Frames, Is.EqualTo(1600));
    }

    [Test]
    public void ALineCutAnywhereIsNotBelieved()
    {
        using (var journal = new AudioJournal(folder["journal"]))
        {
            journal.Info(folder["a\tb.wav"], verify: true);
            journal.Info(folder["c.wav"], verify: true);
        }

        var whole = File.ReadAllText(folder["journal"]);
        var second = whole.IndexOf('\n', StringComparison.Ordinal) + 1;
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllText(folder["cut"], whole[..length]);
            using (var journal = new AudioJournal(folder["cut"]))
            {
                Assert.That(journal.Count, Is.EqualTo(length < second ? 0 : length < whole.Length ? 1 : 2), $"{length} characters");
                journal.Info(folder["a\tb.wav"], verify: true);
                journal.Info(folder["c.wav"], verify: true);
            }

            Assert.That(File.ReadAllText(folder["cut"]), Is.EqualTo(whole), $"{length} characters");
        }
    }

    [Test]
    public void LinesOfNonsenseArePassedOver()
    {
        File.WriteAllText(folder["journal"], "\0\0\0\nx\ty\n1\t2\t3\t4\t5\tno\tpath\n");
        using var journal = new AudioJournal(folder["journal"]);
        Assert.That(journal.Count, Is.Zero);
    }

    [Test]
    public void WhatIsCompleteIsRemoved()
    {
        var journal = new AudioJournal(folder["journal"]);
        journal.Complete();
        Assert.That(folder.Files, Does.Not.Contain("journal"));
    }
}
