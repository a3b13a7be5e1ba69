using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Features;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>
/// From FLAC files to features on one thread, stage by stage: real utterances of LibriSpeech, one batch. The rows appear where
/// <c>LIBRISPEECH_HOME</c> names a folder with splits. What is said beside the time is how many seconds of audio a second of it does.
/// </summary>
internal static class LoaderCases
{
    private const int SampleRate = 16000;

    public static IEnumerable<BenchmarkCase> All()
    {
        if (Environment.GetEnvironmentVariable("LIBRISPEECH_HOME") is not { Length: > 0 } folder)
            yield break;
        var corpus = new LibriSpeechCorpus(folder);
        var utterances = corpus.Splits.SelectMany(corpus.Read).Take(32).ToArray();
        var seconds = utterances.Sum(utterance => utterance.Duration);
        int[][] batches = [[.. Enumerable.Range(0, utterances.Length)]];

        yield return Case("decode", () => Loading((_, _, _, _) => { }));
        yield return Case("speed", () => OneBatch((batch, perturb, _, generator) => Perturb(batch, perturb, generator).Waves.Dispose()));
        yield return Case("fbank", () => OneBatch((batch, _, fbank, _) => Features(batch.Waves, batch.WaveLengths, fbank)));
        yield return Case("decode+speed+fbank", () => Loading((batch, perturb, fbank, generator) =>
        {
            using var scope = NewDisposeScope();
            var (waves, lengths) = Perturb(batch, perturb, generator);
            Features(waves, lengths, fbank);
        }));

        BenchmarkCase Case(string name, Func<(Action, IDisposable)> prepare) => new(
            FormattableString.Invariant($"loader/{name}/{utterances.Length}x{seconds:0}s"), "none", prepare, AudioSeconds: seconds);

        (Action, IDisposable) Loading(Action<PaddedBatch, SpeedPerturb, Fbank, Generator> use)
        {
            var owner = NewDisposeScope();
            var loader = new BatchLoader(utterances, new CharacterTokenizer(), SampleRate, new() { Workers = 0, Prefetch = 0 });
            var (perturb, fbank, generator) = Tools();
            return (() =>
            {
                foreach (var batch in loader.Load(batches))
                    using (batch)
                        use(batch, perturb, fbank, generator);
            }, owner);
        }

        (Action, IDisposable) OneBatch(Action<PaddedBatch, SpeedPerturb, Fbank, Generator> use)
        {
            var loader = new BatchLoader(utterances, new CharacterTokenizer(), SampleRate, new() { Workers = 0, Prefetch = 0 });
            var batch = loader.Load(batches).Single();
            var (perturb, fbank, generator) = Tools();
            return (() => use(batch, perturb, fbank, generator), batch);
        }
    }

    private static void Features(Tensor waves, long[] lengths, Fbank fbank)
    {
        using var nothing = no_grad();
        using var scope = NewDisposeScope();
        fbank.Apply(waves, lengths: tensor(lengths));
    }

    private static (Tensor Waves, long[] Lengths) Perturb(PaddedBatch batch, SpeedPerturb perturb, Generator generator)
    {
        using var nothing = no_grad();
        var (waves, lengths, _) = perturb.Apply(batch.Waves, batch.WaveLengths, perturb.Sample(generator, batch.Count));
        return (waves, lengths);
    }

    private static (SpeedPerturb Perturb, Fbank Fbank, Generator Generator) Tools() =>
        (new SpeedPerturb(SampleRate, [95, 100, 105]), new Fbank(nFft: 512, nMels: 80, winLength: 32), new Generator(1));
}
