using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Data;

public sealed class ManifestTests
{
    private TestFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void WritesSpeechBrainsFormat()
    {
        Manifest.Write(folder["a.csv"],
        [
            new Utterance("1-2-0000", "/corpus/dev/1/2/1-2-0000.flac", "1-2", 5.855, "MISTER QUILTER"),
            new Utterance("1-2-0001", "/elsewhere/x.wav", "1-2", 2, "SAY \"HI\", BOB"),
        ], "/corpus");
        Assert.That(File.ReadAllText(folder["a.csv"]), Is.EqualTo(
            "ID,duration,wav,spk_id,wrd\r\n1-2-0000,5.855,$data_root/dev/1/2/1-2-0000.flac,1-2,MISTER QUILTER\r\n"
            + "1-2-0001,2.0,/elsewhere/x.wav,1-2,\"SAY \"\"HI\"\", BOB\"\r\n"));
    }

    [Test]
    public void WhatIsWrittenIsReadBack()
    {
        Utterance[] utterances =
        [
            new("a", Path.Combine(folder.Path, "dev/a.flac"), "s", 1 / 3.0, "ONE"),
            new("b", Path.Combine(folder.Path, "dev/b, c.flac"), "s", 1e-5, "TWO \"QUOTED\"\r\nLINES"),
        ];
        Manifest.Write(folder["a.csv"], utterances, folder.Path);
        Assert.That(Manifest.Read(folder["a.csv"], folder.Path), Is.EqualTo(utterances));
        Assert.That(folder.Files, Is.EqualTo(new[] { "a.csv" }));
    }

    [Test]
    public void ReadsAFileOfSpeechBrain()
    {
        // "//" is what it writes when the data folder was given without a slash at its end; columns beyond the five are other recipes'.
        File.WriteAllText(folder["a.csv"], "ID,duration,wav,wav_format,spk_id,wrd\r\nx,1.5,$data_root//dev/x.flac,flac,1-2,HELLO\r\n\r\n");
        var utterance = Manifest.Read(folder["a.csv"], "/corpus").Single();
        Assert.That(utterance, Is.EqualTo(new Utterance("x", "/corpus/dev/x.flac", "1-2", 1.5, "HELLO")));
    }

    [TestCase("", "is empty")]
    [TestCase("ID,duration,wav,wrd\n", "spk_id")]
    [TestCase("ID,duration,wav,spk_id,wrd\na,1,x\n", "Row 2")]
    [TestCase("ID,duration,wav,spk_id,wrd\na,1,x,s,W\nb,1,x,s\n", "('b') has 4 fields instead of 5 (ID,duration,wav,spk_id,wrd)")]
    [TestCase("ID,duration,wav,spk_id,wrd\na,1,,s,W\n", "no wav")]
    [TestCase("ID,duration,wav,spk_id,wrd\n,1,x,s,W\n", "no ID")]
    [TestCase("ID,duration,wav,spk_id,wrd\na,1,x,s,W\na,1,x,s,W\n", "Row 3")]
    [TestCase("ID,duration,wav,spk_id,wrd\na,long,x,s,W\n", "'long'")]
    [TestCase("ID,duration,wav,spk_id,wrd\na,NaN,x,s,W\n", "'NaN'")]
    [TestCase("ID,duration,wav,spk_id,wrd\na,Infinity,x,s,W\n", "'Infinity'")]
    [TestCase("ID,duration,wav,spk_id,wrd\na,1,x,s,W\nb,1,x,s,\"OPEN\nc,1,x,s,LOST\n", "line 3")]
    [TestCase("ID,duration,wav,spk_id,wrd\na,1,$data_root/x,s,W\n", "$data_root")]
    public void ABrokenFileIsNamed(string text, string what)
    {
        File.WriteAllText(folder["broken.csv"], text);
        Assert.That(() => Manifest.Read(folder["broken.csv"]),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("broken.csv").And.Message.Contains(what));
    }

    [Test]
    public void AMissingFileIsNamed() =>
        Assert.That(() => Manifest.Read(folder["absent.csv"]), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("absent.csv"));

    [Test]
    public void AQuoteInsideAFieldIsACharacter()
    {
        // As Python's csv module reads it; taken for the begin of a quoted field it would swallow the row's end and the row behind.
        File.WriteAllText(folder["a.csv"], "ID,duration,wav,spk_id,wrd\na,1,a.wav,s,5\" TAPE\nb,1,b.wav,s,6\" TAPE\nc,1,c.wav,s,\"\"\n");
        Assert.That(Manifest.Read(folder["a.csv"]).Select(u => u.Transcript), Is.EqualTo(new[] { "5\" TAPE", "6\" TAPE", "" }));
    }
}
