using NUnit.Framework;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Serialization;

public sealed class AtomicFileTests
{
    [Test]
    public void AFailureLeavesTheOldFileAndNothingElse()
    {
        using var folder = new TestFolder();
        AtomicFile.Write(folder["a.txt"], path => File.WriteAllText(path, "old"));
        Assert.That(() => AtomicFile.Write(folder["a.txt"], path =>
        {
            File.WriteAllText(path, "half of the n");
            throw new IOException("disk full");
        }), Throws.TypeOf<IOException>().With.Message.EqualTo("disk full"));

        Assert.That(folder.Files, Is.EqualTo(new[] { "a.txt" }));
        Assert.That(File.ReadAllText(folder["a.txt"]), Is.EqualTo("old"));
    }

    [Test]
    public void TheFileIsNotThereBeforeItIsComplete()
    {
        using var folder = new TestFolder();
        AtomicFile.Write(folder["a.txt"], path =>
        {
            File.WriteAllText(path, "new");
            Assert.That(File.Exists(folder["a.txt"]), Is.False);
        });
        Assert.That(File.ReadAllText(folder["a.txt"]), Is.EqualTo("new"));
        Assert.That(folder.Files, Is.EqualTo(new[] { "a.txt" }));
    }
}
