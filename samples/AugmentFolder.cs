#:project ../SpeechBrain.Sharp/SpeechBrain.Sharp.csproj
#:property TorchReference=runnable
#:property PublishAot=false

// Augments a folder of audio: each file a few times, each time as a draw that is saved beside it and can be applied again.
//
//     dotnet run -c Release samples/AugmentFolder.cs -- recordings augmented     # WAV, FLAC, whatever libsndfile reads
//     dotnet run -c Release samples/AugmentFolder.cs                             # makes two recordings of its own first

using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Data;
using TorchSharp;
using static TorchSharp.torch;

const int Copies = 2;
string from = args.ElementAtOrDefault(0) ?? Path.Combine("runs", "recordings"), to = args.ElementAtOrDefault(1) ?? Path.Combine("runs", "augmented");
if (args.Length == 0)
    Record(from);
Directory.CreateDirectory(to);

// All randomness comes from this generator: the same seed makes the same files.
using var generator = new Generator(1986);
using var noGradient = no_grad();

foreach (string file in Directory.GetFiles(from).Order(StringComparer.Ordinal))
{
    var audio = AudioFile.ReadMono(file);
    int rate = audio.SampleRate;
    // Its parts know the rate. From two to all of them are applied, in this order.
    using var augmenter = new Augmenter(
        [
            new SpeedPerturb(rate, [90, 100, 110]),
            new AddNoise(new PinkNoise(), snrLow: 5, snrHigh: 15),
            new DropFreq(),
            new DropChunk(dropLengthLow: rate / 20, dropLengthHigh: rate / 10),
        ],
        minAugmentations: 2);

    for (int copy = 1; copy <= Copies; copy++)
    {
        // What is made in a scope is freed at its end.
        using var scope = NewDisposeScope();
        var recording = new AugmentedBatch(tensor(audio.Samples).unsqueeze(0)); // [batch 1, time]
        var draw = augmenter.Sample(generator, recording);
        var augmented = augmenter.Apply(recording, draw);

        string name = Path.Combine(to, $"{Path.GetFileNameWithoutExtension(file)}.{copy}");
        AudioFile.Write($"{name}.wav", new AudioData(augmented.Data.data<float>().ToArray(), rate, Channels: 1));
        File.WriteAllText($"{name}.json", draw.ToJson()); // augmenter.ParametersFromJson reads it back
        var steps = draw.Branches.SelectMany(branch => branch.Steps).Select(step => step.Name);
        double seconds = (double)augmented.Shape.Time / rate;
        Console.WriteLine(FormattableString.Invariant($"{name}.wav  {audio.Duration:0.00} s -> {seconds:0.00} s  {string.Join(", ", steps)}"));
    }
}

// A rising and a falling tone of a second and a half each.
static void Record(string folder)
{
    const int rate = 16000;
    Directory.CreateDirectory(folder);
    foreach (var (name, first, last) in new[] { ("falling", 2000.0, 200.0), ("rising", 200.0, 2000.0) })
    {
        using var scope = NewDisposeScope();
        var time = arange(rate * 3 / 2, ScalarType.Float64) / rate;
        var phase = 2 * Math.PI * (first * time + (last - first) / 3 * time * time); // its slope goes from first to last
        float[] samples = (phase.sin() * 0.3).to(float32).data<float>().ToArray();
        AudioFile.Write(Path.Combine(folder, $"{name}.wav"), new AudioData(samples, rate, Channels: 1));
    }
}
