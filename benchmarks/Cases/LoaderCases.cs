using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Features;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>
/// From FLAC files to features on one thread, stage by stage: real utterances of LibriSpeech, in batches of like length. The rows appear where
/// <c>LIBRISPEECH_HOME</c> names a folder with splits. What is said beside the time is how many seconds of audio a second of it does.
/// </summary>
internal static class LoaderCases
{
    private const int SampleRate = 16000, BatchSize = 4;

    public static IEnumerable<BenchmarkCase> All()
    {
        if (Environment.GetEnvironmentVariable("LIBRISPEECH_HOME") is not { Length: > 0 } folder)
            yield break;
        var corpus = new LibriSpeechCorpus(folder);
        var utterances = corpus.Splits.SelectMany(corpus.Read).Take(32).ToArray();
        var seconds = utterances.Sum(utterance => utterance.Duration);
        var batches = new BatchSampler([.. utterances.Select(utterance => utterance.Duration)], BatchSize, shuffle: false).Batches(0);

        yield return Case("decode", () => Loading((_, _, _, _) => { }));
        yield return Case("speed", () => Loaded((batch, perturb, _, generator) => Perturb(batch, perturb, generator).Waves.Dispose()));
        yield return Case("fbank", () => Loaded((batch, _, fbank, _) => Features(batch.Waves, batch.WaveLengths, fbank)));
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
            var loader = Loader();
            var (perturb, fbank, generator) = Tools();
            return (() =>
            {
                foreach (var batch in loader.Load(batches))
                    using (batch)
                        use(batch, perturb, fbank, generator);
            }, loader);
        }

        (Action, IDisposable) Loaded(Action<PaddedBatch, SpeedPerturb, Fbank, Generator> use)
        {
            var loader = Loader();
            var loaded = loader.Load(batches).ToArray();
            var (perturb, fbank, generator) = Tools();
            return (() =>
            {
                foreach (var batch in loaded)
                    use(batch, perturb, fbank, generator);
            }, loader);
        }

        BatchLoader Loader() => new(utterances, new CharacterTokenizer(), SampleRate, new() { Workers = 0, Prefetch = 0 });
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
