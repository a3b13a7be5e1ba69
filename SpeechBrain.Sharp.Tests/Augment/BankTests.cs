using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

/// <summary>Banks of files: what is decoded, converted, and refused.</summary>
[TestFixture]
public sealed class BankTests
{
    [Test]
    public void FilesBecomeOneRateAndOneChannelAndThatIsSaidOnce()
    {
        using var folder = new TestFolder();
        Write(folder["a.wav"], 16000, 1, 1600);
        Write(folder["b.flac"], 8000, 1, 800);
        Write(folder["deep/c.wav"], 16000, 2, 500);
        File.WriteAllText(folder["notes.txt"], "no audio, and not taken for it");
        var said = new List<string>();
        using var bank = NoiseBank.FromFolder(folder.Path, 16000, say: said.Add);
        Assert.That(bank.Lengths, Is.EqualTo(new long[] { 1600, 1600, 500 }));
        Assert.That(bank.Offsets, Is.EqualTo(new long[] { 0, 1600, 3200 }));
        Assert.That(bank.Samples.shape, Is.EqualTo(new long[] { 3700 }));
        Assert.That(bank.Report, Is.EqualTo(new BankReport(3, 1, 1, [])));
        Assert.That(said, Is.EqualTo(new[] { "3 files; 1 resampled; 1 brought to one channel" }));
        // Channels of 0.5 and -0.25: their mean.
        Numbers.AssertClose(Numbers.Values(bank.Samples.narrow(0, 3200, 500)), [.. Enumerable.Repeat(0.125, 500)], 0, 1e-4);
        // A constant keeps its value through resampling, but at the ends.
        Numbers.AssertClose(Numbers.Values(bank.Samples.narrow(0, 1800, 1200)), [.. Enumerable.Repeat(0.5, 1200)], 0, 2e-3);
    }

    [Test]
    public void PlainFilesAreNotTalkedAbout()
    {
        using var folder = new TestFolder();
        Write(folder["a.wav"], 16000, 1, 100);
        using var bank = RirBank.FromFiles([folder["a.wav"]], 16000, say: _ => Assert.Fail("nothing was converted"));
        Assert.That(bank.Report.ToString(), Is.EqualTo("1 files"));
    }

    [Test]
    public void OfResponsesTheFirstChannelIsTaken()
    {
        using var folder = new TestFolder();
        Write(folder["room.wav"], 16000, 2, 4);
        using var bank = RirBank.FromFolder(folder.Path, 16000);
        Assert.That(Numbers.Values(bank.Responses(ScalarType.Float32, CPU)), Is.All.EqualTo(0.5));
        Assert.That(bank.Report.Mixed, Is.EqualTo(1));
    }

    [Test]
    public void UnreadableFilesAreNamedAndCounted()
    {
        using var folder = new TestFolder();
        Write(folder["a.wav"], 16000, 1, 100);
        File.WriteAllText(folder["broken.wav"], "this is not audio");
        File.WriteAllBytes(folder["empty.wav"], []);
        string[] paths = [folder["a.wav"], folder["broken.wav"], folder["missing.wav"], folder["empty.wav"]];
        Refusal.Of(() => NoiseBank.FromFiles(paths, 16000), "3 of 4 files cannot be used");
        Refusal.Of(() => NoiseBank.FromFiles(paths, 16000), "broken.wav");
        Refusal.Of(() => NoiseBank.FromFiles(paths, 16000), "skipUnreadable: true uses the rest");
        Refusal.Of(() => RirBank.FromFiles(paths[1..], 16000, skipUnreadable: true), "3 of 3 files");
        string? said = null;
        using var bank = NoiseBank.FromFiles(paths, 16000, skipUnreadable: true, say: text => said = text);
        Assert.That(bank.Count, Is.EqualTo(1));
        Assert.That(bank.Report.Unreadable.Select(file => file.Path), Is.EqualTo(paths[1..]));
        Assert.That(said, Does.Contain("3 left out").And.Contains("missing.wav"));
    }

    [Test]
    public void FilesThatWouldSpoilEveryBatchAreNamed()
    {
        using var folder = new TestFolder();
        Write(folder["a.wav"], 16000, 1, 100);
        AudioFile.Write(folder["mute.wav"], new AudioData(new float[50], 16000, 1));
        Write(folder["odd.wav"], 999983, 1, 100);
        FloatWav.Write(folder["nan.wav"], [0.5f, float.NaN, 0.25f]);
        string[] paths = [folder["a.wav"], folder["mute.wav"], folder["odd.wav"], folder["nan.wav"]];
        LeakCheck.IsClean(() => Refusal.Of(() => NoiseBank.FromFiles(paths, 16000), "2 of 4 files cannot be used"));
        Refusal.Of(() => RirBank.FromFiles(paths, 16000), "mute.wav' is silent");
        Refusal.Of(() => RirBank.FromFiles(paths, 16000), "nan.wav' holds a sample that is NaN, in frame 1");
        using var bank = RirBank.FromFiles(paths, 16000, skipUnreadable: true);
        Assert.That(bank.Report.Unreadable.Select(file => file.Path), Is.EqualTo(paths[1..]));
        LeakCheck.IsClean(() => Refusal.Of(() => RirBank.FromFiles(paths[..1], 16000, 1e-3), "rirScaleFactor"));
    }

    [Test]
    public void EmptyBanksAreRefused()
    {
        using var folder = new TestFolder();
        using var scope = NewDisposeScope();
        Refusal.Of(() => NoiseBank.FromFiles([], 16000), "at least one file");
        Refusal.Of(() => NoiseBank.FromFolder(folder.Path, 16000), "no audio file");
        Refusal.Of(() => RirBank.FromFolder(folder.Path + "/none", 16000), "There is no folder");
        Refusal.Of(() => _ = new NoiseBank([], 16000), "at least one recording");
        Refusal.Of(() => _ = new NoiseBank([zeros(0)], 16000), "holds no sample");
        Refusal.Of(() => _ = new NoiseBank([zeros([3], ScalarType.Int16)], 16000), "float32");
        Refusal.Of(() => _ = new NoiseBank([zeros(3)], 16000, ScalarType.Int8), "float32 or float16");
        Refusal.Of(() => _ = new NoiseBank([zeros(3)], 0), "sampleRate");
        Refusal.Of(() => _ = new BankNoise(null!), "bank");
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void Float16TakesHalfTheMemoryAndSoundsAlike(DeviceType type)
    {
        using var scope = NewDisposeScope();
        var device = Devices.Require(type);
        var recordings = new[] { Noise.Normal([3000], 1) * 0.1, Noise.Normal([3000], 2) * 0.1 };
        using var single = new AddNoise(new BankNoise(new NoiseBank(recordings, 16000, device: device)));
        using var half = new AddNoise(new BankNoise(new NoiseBank(recordings, 16000, ScalarType.Float16, device)));
        Assert.That(((BankNoise)half.Noise).Bank.Samples.dtype, Is.EqualTo(ScalarType.Float16));
        var batch = new AugmentedBatch(Noise.Normal([4, 1000], 3).to(device));
        var parameters = single.Sample(new Generator(1), batch);
        Numbers.AssertClose(
            Numbers.Values(half.Apply(batch, parameters).Data), Numbers.Values(single.Apply(batch, parameters).Data), 0, 2e-3);
    }

    [Test]
    public void NothingIsLeftAlive()
    {
        using var folder = new TestFolder();
        Write(folder["a.wav"], 8000, 2, 300);
        LeakCheck.IsClean(() => NoiseBank.FromFolder(folder.Path, 16000).Dispose());
        LeakCheck.IsClean(() => RirBank.FromFolder(folder.Path, 16000).Dispose());
        using var batch = new AugmentedBatch(ones(2, 50));
        LeakCheck.IsClean(() =>
        {
            using var reverb = new AddReverb(RirBank.FromFolder(folder.Path, 16000));
            using var noise = new AddNoise(new BankNoise(NoiseBank.FromFolder(folder.Path, 16000)));
            reverb.Apply(batch, new AddReverbParameters([0])).Dispose();
            noise.Apply(batch, noise.Sample(new Generator(1), batch)).Dispose();
        });
    }

    // Channels of 0.5, -0.25, ...
    private static void Write(string path, int rate, int channels, int frames) => AudioFile.Write(
        path, new AudioData([.. Enumerable.Range(0, frames * channels).Select(i => i % channels == 0 ? 0.5f : -0.25f)], rate, channels));
}
