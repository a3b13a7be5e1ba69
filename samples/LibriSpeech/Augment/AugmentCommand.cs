using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// <c>augment</c>: shows what a recipe does to one file. Writes the augmented audio, the draw as JSON, and a picture of the features before and
/// after.
/// </summary>
internal static class AugmentCommand
{
    private const int Mels = 80;
    private const double WindowMs = 32;
    private const int LowestRate = 1000;

    internal static void Run(AugmentOptions options, TextWriter output)
    {
        var recipe = AugmentRecipe.Named(options.Recipe);
        var audio = AudioFile.ReadMono(options.In!);
        if (audio.SampleRate < LowestRate)
            throw new UserException($"'{options.In}' is sampled at {audio.SampleRate} Hz; it takes at least {LowestRate} Hz to hear anything.");
        int window = (int)Math.Ceiling(audio.SampleRate * WindowMs / 1000);
        if (audio.Frames < window)
            throw new UserException($"'{options.In}' has {audio.Frames} samples; it takes at least {window}, one window of {WindowMs} ms.");

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)options.Seed);
        using var augmentWaveforms = recipe.Waveforms(audio.SampleRate);
        using var augmentFeatures = recipe.Features();
        using var fbank = new Fbank(
            sampleRate: audio.SampleRate, nFft: (long)BitOperations.RoundUpToPowerOf2((uint)window), nMels: Mels, winLength: WindowMs);
        using var normalize = new InputNormalization(normType: NormType.Sentence);

        // Waveform -> augmented waveform -> features -> augmented features, a batch of one all along.
        var waveform = new AugmentedBatch(tensor(audio.Samples).unsqueeze(0));
        var waveformDraw = augmentWaveforms.Sample(generator, waveform);
        var augmented = augmentWaveforms.Apply(waveform, waveformDraw);
        var before = new AugmentedBatch(Features(waveform.Data));
        var features = new AugmentedBatch(Features(augmented.Data));
        var featureDraw = augmentFeatures.Sample(generator, features);
        var after = augmentFeatures.Apply(features, featureDraw);

        Directory.CreateDirectory(options.Out);
        string stem = Path.Combine(options.Out, $"{Path.GetFileNameWithoutExtension(options.In)}.{recipe.Name}.{options.Seed}");
        AudioFile.Write(stem + ".wav", new AudioData(augmented.Data.data<float>().ToArray(), audio.SampleRate, 1));
        var draw = new JsonObject
        {
            ["recipe"] = recipe.Name,
            ["seed"] = options.Seed,
            ["sampleRate"] = audio.SampleRate,
            ["waveform"] = JsonNode.Parse(waveformDraw.ToJson()),
            ["features"] = JsonNode.Parse(featureDraw.ToJson()),
        };
        string json = draw.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
        AtomicFile.Write(stem + ".json", path => File.WriteAllText(path, json));
        Picture.OfSpectrograms(Values(before.Data), Values(after.Data), Mels).WritePng(stem + ".png");

        double seconds = (double)augmented.Shape.Time / audio.SampleRate;
        output.WriteLine(FormattableString.Invariant(
            $"{recipe.Name}: {audio.Duration:0.00} s became {seconds:0.00} s; waveform: {Steps(waveformDraw)}; features: {Steps(featureDraw)}"));
        output.WriteLine($"'{stem}.wav' is the augmented audio, .json the draw, .png the log mel features before (above) and after (below).");

        Tensor Features(Tensor waves) => normalize.call(fbank.call(waves), ones(1));
        static float[] Values(Tensor spectrogram) => spectrogram.contiguous().data<float>().ToArray();

        static string Steps(AugmenterParameters parameters)
        {
            string[] names = [.. parameters.Branches.SelectMany(branch => branch.Steps).Select(step => step.Name)];
            return names.Length > 0 ? string.Join(", ", names) : "nothing";
        }
    }
}
