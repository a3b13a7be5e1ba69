using System.Diagnostics;
using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Data;

/// <summary>That what can't be loaded is named, counted, and left out or refused as the options say.</summary>
public sealed class BatchLoaderBadInputTests
{
    private const int Rate = 16000;

    private TestFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private Utterance Good(string id, int channels = 1, int rate = Rate, int frames = 20000, string transcript = "ABC")
    {
        // Noise, so that FLAC cannot shrink it to nothing.
        var random = new Random(id.Length);
        float[] samples = [.. Enumerable.Range(0, frames * channels).Select(_ => random.NextSingle() - 0.5f)];
        AudioFile.Write(folder[id + ".flac"], new AudioData(samples, rate, channels));
        return new Utterance(id, folder[id + ".flac"], "s", (double)frames / rate, transcript);
    }

    private Utterance Bad(string what)
    {
        var utterance = what switch
        {
            "8 channels" => Good("bad", channels: 8),
            "rate" => Good("bad", rate: 8000),
            "short" => Good("bad", frames: 100),
            "long" => Good("bad", frames: 90000),
            "empty transcript" => Good("bad", transcript: " "),
            "character" => Good("bad", transcript: "A\u00c9"),
            "many tokens" => Good("bad", transcript: new string('A', 50)),
            _ => Good("bad"),
        };
        var bytes = File.ReadAllBytes(utterance.Path);
        switch (what)
        {
            case "cut in half":
                File.WriteAllBytes(utterance.Path, bytes[..(bytes.Length / 2)]);
                break;
            case "cut in the header":
                File.WriteAllBytes(utterance.Path, bytes[..30]);
                break;
            case "damaged":
                for (var i = 0; i < 64; i++)
                    bytes[bytes.Length / 2 + i] ^= 0x5A;
                File.WriteAllBytes(utterance.Path, bytes);
                break;
            case "no audio":
                File.WriteAllText(utterance.Path, "hello");
                break;
            case "no length": // as an encoder leaves it that writes to a pipe
                bytes[21] &= 0xF0;
                bytes.AsSpan(22, 4).Clear();
                File.WriteAllBytes(utterance.Path, bytes);
                break;
            case "no samples": // as WAV, since libsndfile writes no FLAC file without samples
                AudioFile.Write(folder["none.wav"], new AudioData([], Rate, 1));
                File.Move(folder["none.wav"], utterance.Path, overwrite: true);
                break;
            case "missing":
                File.Delete(utterance.Path);
                break;
        }

        return utterance;
    }

    private static readonly object[][] BadInput =
    [
        ["cut in half", "cut short"], ["cut in the header", "cannot be read"], ["damaged", "damaged"], ["no audio", "cannot be read"],
        ["missing", "no audio file"], ["8 channels", "has 8 channels"], ["rate", "8000 Hz and 16000 Hz are needed"], ["short", "at least 0.1 s"],
        ["long", "at most 5 s"], ["no samples", "holds no audio"], ["no length", "does not tell its length"], ["empty transcript", "is empty"],
        ["character", "not in the alphabet"], ["many tokens", "50 tokens for 15 frames"],
    ];

    private static BatchLoaderOptions Options(int workers = 2) => new()
    {
        Workers = workers,
        MinSeconds = 0.1,
        MaxSeconds = 5,
        Refuse = (utterance, samples, tokens) => tokens.Length <= samples / 1280 ? null
            : $"'{utterance.Path}' has {tokens.Length} tokens for {samples / 1280} frames: check its transcript",
    };

    [TestCaseSource(nameof(BadInput))]
    public void TheFirstEndsTheLoading(string what, string reason)
    {
        Utterance[] corpus = [Good("good"), Bad(what)];
        using var loader = new BatchLoader(corpus, new CharacterTokenizer(), Rate, Options());
        Assert.That(() => Ids(loader.Load([[0], [0, 1]])),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("bad.flac").And.Message.Contains(reason).And.Message.Contains("1 of 2"));
    }

    [TestCaseSource(nameof(BadInput))]
    public void OrIsLeftOutAndCounted(string what, string reason)
    {
        Utterance[] corpus = [Good("long good", frames: 30000), Bad(what), Good("good")];
        var told = new List<SkippedUtterance>();
        LeakCheck.IsClean(() =>
        {
            told.Clear();
            using var loader = new BatchLoader(
                corpus, new CharacterTokenizer(), Rate, Options() with { MaxSkippedShare = 0.34, OnSkipped = told.Add });
            // Alone, its batch is missing; the others keep their places.
            Assert.That(Ids(loader.Load([[2, 1], [1], [1, 0, 2]])), Is.EqualTo(new[] { "0: good", "2: long good, good" }));
            Assert.That(Ids(loader.Load([[1]])), Is.Empty);
            Assert.That(told, Is.EqualTo(loader.Skipped), "told once");
        });
        Assert.That(told.Single().Utterance, Is.EqualTo(corpus[1]));
        Assert.That(told.Single().Reason, Does.Contain("bad.flac").And.Contain(reason));
    }

    [Test]
    public void WhatIsLeftInABatchIsPaddedToItsOwnLength()
    {
        Utterance[] corpus = [Good("a", frames: 9000), Good("bb", frames: 12000), Bad("cut in half")];
        using var loader = new BatchLoader(corpus, new CharacterTokenizer(), Rate, new() { MaxSkippedShare = 1 });
        using var batch = loader.Load([[2, 1, 0]]).Single();
        Assert.That(batch.Waves.shape, Is.EqualTo(new long[] { 2, 12000 }));
        var expected = new float[12000];
        AudioFile.Read(corpus[0].Path).Samples.CopyTo(expected, 0);
        Assert.That(batch.Waves.data<float>().ToArray()[12000..], Is.EqualTo(expected));
    }

    [Test]
    public void TheShareIsExceededAtTheSamePlaceWhateverTheThreads([Values(0, 1, 4)] int workers)
    {
        Utterance Missing(int i) => new($"{i}", folder[$"{i}.flac"], "s", 1, "A");
        Utterance[] corpus = [.. Enumerable.Range(0, 12).Select(i => i % 3 == 1 ? Missing(i) : Good($"{i}"))];
        using var loader = new BatchLoader(corpus, new CharacterTokenizer(), Rate, new() { Workers = workers, MaxSkippedShare = 0.2 });
        var taken = new List<string>();
        Assert.That(() => taken.AddRange(Ids(loader.Load(corpus.Select((_, i) => new[] { i })))),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("7.flac").And.Message.Contains("3 of 12"));
        Assert.That(loader.Skipped.Select(skipped => skipped.Utterance.Id), Is.EqualTo(new[] { "1", "4", "7" }));
    }

    [Test]
    public void OneWithoutTextMayBeAllowed()
    {
        using var loader = new BatchLoader([Good("a", transcript: "")], new CharacterTokenizer(), Rate, new() { AllowEmptyTranscripts = true });
        Assert.That(Ids(loader.Load([[0]])), Is.EqualTo(new[] { "0: a" }));
    }

    [Test]
    public void WhatNoFileIsToBlameForSurfacesWithItsName([Values(0, 2)] int workers)
    {
        Utterance[] corpus = [Good("a"), Good("bb")];
        LeakCheck.IsClean(() =>
        {
            using var loader = new BatchLoader(corpus, new CharacterTokenizer(), Rate, new()
            {
                Workers = workers,
                MaxSkippedShare = 1,
                Refuse = (utterance, _, _) => utterance.Id == "bb" ? throw new NotSupportedException("a bug") : null,
            });
            Assert.That(() => Ids(loader.Load([[0], [1]])), Throws.InvalidOperationException
                .With.Message.Contains("bb.flac").And.Message.Contains("a bug").And.InnerException.TypeOf<NotSupportedException>());
        });
    }

    [Test]
    [Platform("Linux")]
    public void ASlowFileIsNamedAndGivenUp()
    {
        // Reading a pipe that nobody writes to never ends: a disk that does not answer.
        var pipe = folder["slow.flac"];
        Process.Start("mkfifo", [pipe])!.WaitForExit();
        Utterance[] corpus = [new("slow", pipe, "s", 1, "A"), Good("a")];
        var told = new List<string>();
        using (var loader = new BatchLoader(corpus, new CharacterTokenizer(), Rate, new()
        {
            Workers = 2,
            SlowAfter = TimeSpan.FromMilliseconds(20),
            OnSlow = (utterance, elapsed) => told.Add($"{utterance.Id} {elapsed >= TimeSpan.FromMilliseconds(20)}"),
            GiveUpAfter = TimeSpan.FromMilliseconds(200),
        }))
        {
            Assert.That(() => Ids(loader.Load([[1, 0], [1]])), Throws.TypeOf<TimeoutException>().With.Message.Contains("slow.flac"));
        }

        Assert.That(told, Is.Not.Empty.And.All.EqualTo("slow True"));
        Release(pipe);
    }

    [Test]
    [Platform("Linux")]
    public void ASlowFileHoldsUpNothingForEver()
    {
        var pipe = folder["slow.flac"];
        Process.Start("mkfifo", [pipe])!.WaitForExit();
        Utterance[] corpus = [new("slow", pipe, "s", 1, "A"), Good("a")];
        // Told that it is slow, somebody sees to it: the pipe ends, and it is no audio.
        using var loader = new BatchLoader(corpus, new CharacterTokenizer(), Rate, new()
        {
            Workers = 1,
            MaxSkippedShare = 0.5,
            SlowAfter = TimeSpan.FromMilliseconds(10),
            OnSlow = (_, _) => Release(pipe),
        });
        Assert.That(Ids(loader.Load([[0, 1]])), Is.EqualTo(new[] { "0: a" }));
        Assert.That(loader.Skipped.Single().Reason, Does.Contain("slow.flac"));
    }

    // Whoever waits to read the pipe gets its end. Opened for both, so that nobody needs to be waiting.
    private static void Release(string pipe)
    {
        using var end = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite);
        end.Write(new byte[64]);
    }

    private static List<string> Ids(IEnumerable<PaddedBatch> batches)
    {
        var ids = new List<string>();
        foreach (var batch in batches)
        {
            using (batch)
                ids.Add($"{batch.Place}: {string.Join(", ", batch.Ids)}");
        }

        return ids;
    }
}
