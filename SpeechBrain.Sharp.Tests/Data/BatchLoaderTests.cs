using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Data;

/// <summary>That batches are right, in order, and the same whatever the threads; and that nothing is left behind however the loop ends.</summary>
public sealed class BatchLoaderTests
{
    private const int Rate = 16000;

    private TestFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    // Utterances of different lengths, from a fifth of a decoder's block to several, whose every sample tells whose it is.
    private Utterance[] Corpus(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var path = folder[$"{i}.flac"];
        var frames = 3000 + 7919 * i % 60000;
        AudioFile.Write(path, new AudioData([.. Enumerable.Range(0, frames).Select(t => ((t * (i + 3) + 17 * i) % 2001 - 1000) / 32768f)], Rate, 1));
        return new Utterance($"u{i}", path, "s", (double)frames / Rate, new string((char)('A' + i % 26), 1 + i % 4));
    })];

    private static int[][] Batches(int count, int size) => [.. Enumerable.Range(0, count).Reverse().Chunk(size)];

    [Test]
    public void BatchesEqualThoseCollatedByHand([Values(0, 1, 3)] int workers, [Values(0, 2)] int prefetch)
    {
        var corpus = Corpus(11);
        var tokenizer = new CharacterTokenizer();
        using var loader = new BatchLoader(corpus, tokenizer, Rate, new() { Workers = workers, Prefetch = prefetch });
        var place = 0;
        foreach (var batch in loader.Load(Batches(11, 4)))
        {
            using var taken = batch;
            using var expected = PaddedBatch.Collate(
                [.. Batches(11, 4)[place].Select(i => corpus[i]).Select(u => (u.Id, AudioFile.Read(u.Path).Samples, tokenizer.Encode(u.Transcript)))]);
            AssertSame(batch, expected);
            Assert.That(batch.Place, Is.EqualTo(place++));
        }

        Assert.That(place, Is.EqualTo(3));
        Assert.That(loader.Skipped, Is.Empty);
    }

    [Test]
    public void DurationsOfTheManifestNeedNotBeRight([Values(0, 0.1, 2, 3.9, 30)] double duration)
    {
        var corpus = Corpus(3);
        var wrong = corpus.Select(utterance => utterance with { Duration = duration }).ToArray();
        using var loader = new BatchLoader(wrong, new CharacterTokenizer(), Rate, new() { Workers = 2 });
        using var truth = new BatchLoader(corpus, new CharacterTokenizer(), Rate, new() { Workers = 0 });
        using var batch = loader.Load([[2, 0, 1]]).Single();
        using var expected = truth.Load([[2, 0, 1]]).Single();
        AssertSame(batch, expected);
    }

    [Test]
    public void RestOfAnEpochIsThatPartOfTheWhole()
    {
        using var loader = new BatchLoader(Corpus(8), new CharacterTokenizer(), Rate, new() { Workers = 2 });
        var whole = loader.Load(Batches(8, 3)).ToList();
        var rest = loader.Load(Batches(8, 3).Skip(2)).ToList();
        Assert.That(rest, Has.Count.EqualTo(1));
        AssertSame(rest[0], whole[2]);
        whole.ForEach(batch => batch.Dispose());
        rest.ForEach(batch => batch.Dispose());
    }

    [Test]
    public void ChannelsAreAveragedIfWanted()
    {
        var samples = Enumerable.Range(0, 3 * 20000).Select(i => i % 999 / 32768f).ToArray();
        AudioFile.Write(folder["a.flac"], new AudioData(samples, Rate, 3));
        Utterance[] corpus = [new("a", folder["a.flac"], "s", 1.25, "A")];
        using var loader = new BatchLoader(corpus, new CharacterTokenizer(), Rate, new() { AverageChannels = true });
        using var batch = loader.Load([[0]]).Single();
        Assert.That(batch.Waves.data<float>().ToArray(), Is.EqualTo(AudioFile.ReadMono(folder["a.flac"]).Samples));
    }

    [Test]
    public void NoMoreBatchesAreAskedForThanAreKept([Values(0, 1, 3)] int prefetch)
    {
        var corpus = Corpus(2);
        var asked = 0;
        IEnumerable<int[]> Endless()
        {
            while (true)
            {
                asked++;
                yield return [asked % 2];
            }
        }

        using var loader = new BatchLoader(corpus, new CharacterTokenizer(), Rate, new() { Workers = 2, Prefetch = prefetch });
        var taken = 0;
        foreach (var batch in loader.Load(Endless()).Take(5))
        {
            batch.Dispose();
            Assert.That(asked, Is.EqualTo(++taken + prefetch));
        }
    }

    [Test]
    public void NothingIsLeftBehind([Values(0, 2)] int workers, [Values("end", "break", "throw", "cancel", "dispose", "unused")] string end)
    {
        var corpus = Corpus(6);
        LeakCheck.IsClean(() =>
        {
            using var stop = new CancellationTokenSource();
            using var loader = new BatchLoader(corpus, new CharacterTokenizer(), Rate, new() { Workers = workers, Prefetch = 2 });
            var batches = loader.Load(Batches(6, 1), stop.Token);
            void Run()
            {
                foreach (var batch in end == "unused" ? [] : batches)
                {
                    using var taken = batch;
                    if (end == "break")
                        break;
                    if (end == "throw")
                        throw new FormatException();
                    if (end == "cancel")
                        stop.Cancel();
                    if (end == "dispose")
                        loader.Dispose();
                }
            }

            switch (end)
            {
                case "throw":
                    Assert.That(Run, Throws.TypeOf<FormatException>());
                    break;
                case "cancel":
                    Assert.That(Run, Throws.InstanceOf<OperationCanceledException>());
                    break;
                case "dispose":
                    Assert.That(Run, Throws.TypeOf<ObjectDisposedException>());
                    break;
                default:
                    Run();
                    break;
            }
        });
    }

    [Test]
    public void WhoeverWaitsForABatchCanBeStopped([Values] bool dispose)
    {
        var corpus = Corpus(3);
        LeakCheck.IsClean(() =>
        {
            // The second utterance is under way until somebody is told that it is slow, and stops all.
            using var stop = new CancellationTokenSource();
            using var goOn = new ManualResetEventSlim();
            BatchLoader? loader = null;
            using var owner = loader = new BatchLoader(corpus, new CharacterTokenizer(), Rate, new()
            {
                Workers = 2,
                SlowAfter = TimeSpan.FromMilliseconds(5),
                Refuse = (utterance, _, _) =>
                {
                    if (utterance.Id == "u1")
                        goOn.Wait();
                    return null;
                },
                OnSlow = (utterance, _) =>
                {
                    Assert.That(utterance.Id, Is.EqualTo("u1"));
                    if (!dispose)
                        stop.Cancel();
                    goOn.Set();
                    if (dispose)
                        loader!.Dispose();
                },
            });
            void Run()
            {
                foreach (var batch in loader.Load([[0], [1, 2]], stop.Token))
                    batch.Dispose();
            }

            Assert.That(Run, dispose ? Throws.TypeOf<ObjectDisposedException>() : Throws.InstanceOf<OperationCanceledException>());
        });
    }

    [Test]
    public void WhatIsBehindAnUtteranceIsSilenceWhateverWasThere()
    {
        var utterance = Corpus(1)[0];
        using var rows = new PaddedRows(3, 5000);
        for (var row = 0; row < rows.Count; row++)
            rows[row].Fill(float.NaN);
        var loading = new LoadingUtterance(utterance, 0, rows, 1, new CharacterTokenizer(), Rate, new());
        loading.Load(() => false);
        Assert.That((loading.Samples, loading.Reason, loading.Failure), Is.EqualTo((3000L, (string?)null, (Exception?)null)));
        Assert.That(rows[1][..3000].ToArray(), Is.EqualTo(AudioFile.Read(utterance.Path).Samples));
        Assert.That(rows[1][3000..].ToArray(), Is.All.Zero);
        Assert.That(rows[0].ToArray().Concat(rows[2].ToArray()), Is.All.NaN, "its neighbours are not touched");
        rows.Write(1, [1, 2]);
        Assert.That(rows[1].ToArray(), Is.EqualTo(new float[] { 1, 2 }.Concat(new float[4998])));
    }

    [Test]
    public void BatchesBelongToNoScopeAndTheStatisticsAgree()
    {
        var corpus = Corpus(3);
        using var loader = new BatchLoader(corpus, new CharacterTokenizer(), Rate, new() { Workers = 2 });
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        PaddedBatch batch;
        using (torch.NewDisposeScope())
            batch = loader.Load([[0, 1, 2]]).Single();
        Assert.That(batch.Waves.IsInvalid, Is.False);
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount - before, Is.EqualTo(6));
        batch.Dispose();
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(before));
    }

    [Test]
    public void AStoppedLoaderSaysSo()
    {
        var loader = new BatchLoader(Corpus(1), new CharacterTokenizer(), Rate);
        var batches = loader.Load([[0]]);
        loader.Dispose();
        loader.Dispose();
        Assert.That(() => loader.Load([[0]]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => batches.Count(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void SeveralEpochsMayRunAtOnce()
    {
        using var loader = new BatchLoader(Corpus(6), new CharacterTokenizer(), Rate, new() { Workers = 2 });
        foreach (var (a, b) in loader.Load(Batches(6, 2)).Zip(loader.Load(Batches(6, 2))))
        {
            AssertSame(a, b);
            a.Dispose();
            b.Dispose();
        }
    }

    [Test]
    [Category("Gpu")]
    public void BatchesComeOnTheDevice()
    {
        var device = Devices.Require(DeviceType.CUDA);
        using var loader = new BatchLoader(Corpus(7), new CharacterTokenizer(), Rate, new() { Workers = 2, Device = device });
        using var host = new BatchLoader(Corpus(7), new CharacterTokenizer(), Rate, new() { Workers = 0 });
        foreach (var (batch, expected) in loader.Load(Batches(7, 2)).Zip(host.Load(Batches(7, 2))))
        {
            Assert.That(batch.Waves.device_type, Is.EqualTo(DeviceType.CUDA));
            Assert.That(batch.Place, Is.EqualTo(expected.Place));
            using var back = batch.ToDevice(torch.CPU);
            AssertSame(back, expected);
            batch.Dispose();
            expected.Dispose();
        }
    }

    [Test]
    public void ArgumentsAreChecked()
    {
        var corpus = Corpus(2);
        var tokenizer = new CharacterTokenizer();
        BatchLoader Make(BatchLoaderOptions? options = null, int rate = Rate) => new(corpus, tokenizer, rate, options);
        Assert.That(() => Make(rate: 0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Make(new() { Workers = -1 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("Workers"));
        Assert.That(() => Make(new() { Prefetch = -1 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("Prefetch"));
        Assert.That(() => Make(new() { MaxSkippedShare = 1.1 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("MaxSkippedShare"));
        Assert.That(() => Make(new() { MinSeconds = 2, MaxSeconds = 1 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("MinSeconds"));
        Assert.That(() => Make(new() { SlowAfter = TimeSpan.Zero }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("SlowAfter"));
        Assert.That(() => Make(new() { GiveUpAfter = TimeSpan.Zero }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("GiveUpAfter"));
        Assert.That(() => new BatchLoader([corpus[0] with { Duration = double.NaN }], tokenizer, Rate),
            Throws.ArgumentException.With.Message.Contains("u0").And.Message.Contains("NaN"));
        using var loader = Make();
        Assert.That(() => loader.Load(null!), Throws.ArgumentNullException);
        Assert.That(() => loader.Load([[0], []]).ToList(), Throws.ArgumentException.With.Message.Contains("Batch 1"));
        Assert.That(() => loader.Load([[2]]).ToList(), Throws.ArgumentException.With.Message.Contains("index 2").And.Message.Contains("0 to 1"));
    }

    private static void AssertSame(PaddedBatch batch, PaddedBatch expected)
    {
        Assert.That(batch.Ids, Is.EqualTo(expected.Ids));
        Assert.That(batch.WaveLengths, Is.EqualTo(expected.WaveLengths));
        Assert.That(batch.TokenLengths, Is.EqualTo(expected.TokenLengths));
        Assert.That(batch.Waves.shape, Is.EqualTo(expected.Waves.shape));
        Assert.That(batch.Waves.data<float>().ToArray().AsSpan().SequenceEqual(expected.Waves.data<float>().ToArray()), "waves");
        Assert.That(batch.Tokens.data<long>().ToArray(), Is.EqualTo(expected.Tokens.data<long>().ToArray()));
        Assert.That(batch.DeviceWaveLengths.data<long>().ToArray(), Is.EqualTo(expected.WaveLengths));
        Assert.That(batch.RelativeWaveLengths.data<float>().ToArray(), Is.EqualTo(expected.RelativeWaveLengths.data<float>().ToArray()));
    }
}
