using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Data;

public sealed class LibriSpeechCorpusTests
{
    private TestFolder folder = null!;

    [SetUp]
    public void MakeCorpus()
    {
        folder = new TestFolder();
        AddChapter("dev-clean", "84", "121550", ("84-121550-0001", "FIRST LINE", ".flac"), ("84-121550-0000", "ZEROTH LINE", ".wav"));
        AddChapter("dev-clean", "1272", "128104", ("1272-128104-0000", "ANOTHER SPEAKER", ".flac"));
        AddChapter("train-tiny", "7", "8", ("7-8-0000", "DON'T", ".flac"));
        folder["not-a-split/readme.txt"].ToString();
    }

    [TearDown]
    public void RemoveCorpus() => folder.Dispose();

    private void AddChapter(string split, string speaker, string chapter, params (string Id, string Text, string Extension)[] utterances)
    {
        string path = $"{split}/{speaker}/{chapter}";
        foreach (var (id, _, extension) in utterances)
            AudioFile.Write(folder[$"{path}/{id}{extension}"], new AudioData(new float[8000 + 800 * utterances.Length], 16000, 1));
        File.WriteAllLines(folder[$"{path}/{speaker}-{chapter}.trans.txt"], utterances.Select(u => $"{u.Id} {u.Text}"));
    }

    [Test]
    public void ReadsEverySplitInOrderOfId()
    {
        var corpus = new LibriSpeechCorpus(folder.Path);
        Assert.That(corpus.Splits, Is.EqualTo(new[] { "dev-clean", "train-tiny" }));

        var utterances = corpus.Read("dev-clean");
        Assert.That(utterances.Select(u => u.Id), Is.EqualTo(new[] { "1272-128104-0000", "84-121550-0000", "84-121550-0001" }));
        Assert.That(utterances[1], Is.EqualTo(
            new Utterance("84-121550-0000", Path.Combine(folder.Path, "dev-clean/84/121550/84-121550-0000.wav"), "84-121550", 0.6, "ZEROTH LINE")));
    }

    [Test]
    public void TranscriptsAreUpperCase()
    {
        File.WriteAllText(folder["train-tiny/7/8/7-8.trans.txt"], "7-8-0000 don't\n");
        Assert.That(new LibriSpeechCorpus(folder.Path).Read("train-tiny").Single().Transcript, Is.EqualTo("DON'T"));
    }

    [Test]
    public void AMissingFolderIsNamed() => Assert.That(() => new LibriSpeechCorpus(Path.Combine(folder.Path, "absent")),
        Throws.TypeOf<DirectoryNotFoundException>().With.Message.Contains("absent"));

    [Test]
    public void TheFolderAboveIsRecognised()
    {
        string above = Path.Combine(folder.Path, "above");
        Directory.CreateDirectory(Path.Combine(above, "LibriSpeech"));
        Assert.That(() => new LibriSpeechCorpus(above), Throws.TypeOf<InvalidDataException>().With.Message.Contains("did you mean"));
    }

    [Test]
    public void AnUnknownSplitIsRefused() => Assert.That(() => new LibriSpeechCorpus(folder.Path).Read("dev-other"),
        Throws.ArgumentException.With.Message.Contains("dev-other").And.Message.Contains("dev-clean, train-tiny"));

    [Test]
    public void AnUtteranceWithoutTranscriptIsNamed()
    {
        AudioFile.Write(folder["dev-clean/84/121550/84-121550-0002.flac"], new AudioData(new float[100], 16000, 1));
        AssertBroken("84-121550-0002", "no transcript");
    }

    [Test]
    public void ATranscriptWithoutAudioIsNamed()
    {
        File.AppendAllText(folder["dev-clean/84/121550/84-121550.trans.txt"], "84-121550-0003 GONE\n");
        AssertBroken("84-121550-0003", "no audio file");
    }

    [Test]
    public void AnEmptyTranscriptIsNamed()
    {
        File.AppendAllText(folder["dev-clean/84/121550/84-121550.trans.txt"], "84-121550-0003 \n");
        AssertBroken("84-121550-0003", "without transcript");
    }

    [Test]
    public void TwoTranscriptsOfOneUtteranceAreRefused()
    {
        File.AppendAllText(folder["dev-clean/84/121550/84-121550.trans.txt"], "84-121550-0000 AGAIN\n");
        AssertBroken("84-121550-0000", "two transcripts");
    }

    [Test]
    public void OneIdInTwoChaptersIsRefused()
    {
        AddChapter("dev-clean", "84", "9", ("1272-128104-0000", "STRAY COPY", ".flac"));
        AssertBroken("1272-128104-0000", "twice");
    }

    [Test]
    public void ACorruptFileIsNamed()
    {
        File.WriteAllText(folder["dev-clean/84/121550/84-121550-0001.flac"], "no audio");
        AssertBroken("84-121550-0001.flac", "cannot be read");
    }

    // Noise, so that FLAC cannot shrink it to nothing.
    private string AddNoise(string id)
    {
        var random = new Random(1);
        AudioFile.Write(folder[$"dev-clean/84/121550/{id}.flac"], new AudioData([.. Enumerable.Range(0, 20000).Select(_ => random.NextSingle() - 0.5f)], 16000, 1));
        File.AppendAllText(folder["dev-clean/84/121550/84-121550.trans.txt"], $"{id} NOISE\n");
        return folder[$"dev-clean/84/121550/{id}.flac"];
    }

    [Test]
    public void AFileCutInHalfDoesNotPassAVerification()
    {
        foreach (var id in new[] { "84-121550-0002", "84-121550-0003" })
        {
            var cut = AddNoise(id);
            File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..20000]);
        }

        var corpus = new LibriSpeechCorpus(folder.Path);
        Assert.That(corpus.Read("dev-clean"), Has.Count.EqualTo(5), "the headers are whole");
        Assert.That(() => corpus.Read("dev-clean", verify: true), Throws.TypeOf<InvalidDataException>()
            .With.Message.Contains("2 of 5").And.Message.Contains("0002.flac").And.Message.Contains("0003.flac").And.Message.Contains("cut short"));
    }

    [Test]
    public void AFileThatDoesNotTellItsLengthIsNamed()
    {
        var file = AddNoise("84-121550-0002");
        var bytes = File.ReadAllBytes(file);
        bytes[21] &= 0xF0; // STREAMINFO's number of samples
        bytes.AsSpan(22, 4).Clear();
        File.WriteAllBytes(file, bytes);
        Assert.That(AudioFile.Info(file).TellsLength, Is.False);
        AssertBroken("84-121550-0002.flac", "does not tell its length");
    }

    [Test]
    public void WhatWasInterruptedGoesOn()
    {
        for (var i = 2; i < 12; i++)
            AddNoise(FormattableString.Invariant($"84-121550-{i:0000}"));
        var corpus = new LibriSpeechCorpus(folder.Path);
        var expected = corpus.Read("dev-clean");
        var place = folder["prepare.part"];
        using (var journal = new AudioJournal(place))
        using (var stop = new CancellationTokenSource())
        {
            Assert.That(() => corpus.Read("dev-clean", verify: true, journal, (done, all) =>
            {
                Assert.That(all, Is.EqualTo(13));
                if (done == 4)
                    stop.Cancel();
            }, stop.Token), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(journal.Count, Is.InRange(4, 12));
        }

        // What is in the journal is not read again: its content may even be gone.
        var read = File.ReadAllLines(place).Select(line => line.Split('\t')[^1]).ToList();
        foreach (var file in read)
            Overwrite(file);
        using (var journal = new AudioJournal(place))
        {
            Assert.That(journal.Count, Is.EqualTo(read.Count));
            Assert.That(corpus.Read("dev-clean", verify: true, journal), Is.EqualTo(expected));
            Assert.That(journal.Count, Is.EqualTo(13));
            journal.Complete();
        }

        Assert.That(File.Exists(place), Is.False);
        Assert.That(() => corpus.Read("dev-clean"), Throws.TypeOf<InvalidDataException>(), "without the journal it is read");
    }

    // The same number of bytes, the same time of change, and no audio.
    private static void Overwrite(string file)
    {
        var time = File.GetLastWriteTimeUtc(file);
        File.WriteAllBytes(file, new byte[new FileInfo(file).Length]);
        File.SetLastWriteTimeUtc(file, time);
    }

    private void AssertBroken(string name, string what) => Assert.That(() => new LibriSpeechCorpus(folder.Path).Read("dev-clean"),
        Throws.TypeOf<InvalidDataException>().With.Message.Contains(name).And.Message.Contains(what));

    [Test]
    public void ReadsRealUtterances()
    {
        var corpus = new LibriSpeechCorpus(SharedData.Require("LibriSpeech"));
        var utterances = corpus.Splits.SelectMany(corpus.Read).ToList();
        Assert.That(utterances, Has.Count.EqualTo(8));
        var tokenizer = new CharacterTokenizer();
        foreach (var utterance in utterances)
        {
            var audio = AudioFile.ReadMono(utterance.Path);
            Assert.That((audio.SampleRate, audio.Duration), Is.EqualTo((16000, utterance.Duration)), utterance.Id);
            Assert.That(tokenizer.Decode(tokenizer.Encode(utterance.Transcript)), Is.EqualTo(utterance.Transcript), utterance.Id);
            // Speech: neither silence nor clipped.
            Assert.That(audio.Samples.Max(Math.Abs), Is.InRange(0.05f, 1f), utterance.Id);
        }
    }

    [Test]
    public void DecodesRealFilesBitForBit()
    {
        string corpus = SharedData.Require("LibriSpeech");
        var originals = Directory.GetFiles(corpus, "*.flac", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f).Split('-')[0] is "1272" or "2412").ToList();
        Assert.That(originals, Is.Not.Empty);
        foreach (string file in originals)
            Assert.That(AudioFile.Verify(file), Is.EqualTo(AudioVerification.ChecksumMatches), file);
    }
}
