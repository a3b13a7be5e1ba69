using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Data;

public sealed class AudioFileTests
{
    private TestFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    // Every sample is a whole number of 16-bit steps and tells its frame and channel.
    private static AudioData Ramp(int frames, int channels = 1, int rate = 16000) =>
        new([.. Enumerable.Range(0, frames * channels).Select(i => (i - 100) / 32768f)], rate, channels);

    [Test]
    public void SixteenBitSamplesComeBackExactly([Values("a.flac", "a.wav")] string name, [Values(1, 2, 3)] int channels)
    {
        var written = Ramp(1000, channels, 22050);
        AudioFile.Write(folder[name], written);
        var read = AudioFile.Read(folder[name]);

        Assert.That(read.Samples, Is.EqualTo(written.Samples));
        Assert.That((read.SampleRate, read.Channels, read.Frames), Is.EqualTo((22050, channels, 1000)));
        Assert.That(read.Duration, Is.EqualTo(1000 / 22050.0));
    }

    [Test]
    public void FullScaleClipsInsteadOfWrapping()
    {
        AudioFile.Write(folder["a.wav"], new AudioData([1.5f, -1.5f, 1f, -1f], 16000, 1));
        Assert.That(AudioFile.Read(folder["a.wav"]).Samples, Is.EqualTo(new[] { 32767 / 32768f, -1f, 32767 / 32768f, -1f }));
    }

    [Test]
    public void InfoReadsTheHeader()
    {
        AudioFile.Write(folder["a.flac"], Ramp(4410, 2, 44100));
        var info = AudioFile.Info(folder["a.flac"]);
        Assert.That(info, Is.EqualTo(new AudioInfo(4410, 44100, 2)));
        Assert.That(info.Duration, Is.EqualTo(0.1));
    }

    [TestCase(0, 10)]
    [TestCase(1, 1)]
    [TestCase(5000, 4000)] // across FLAC blocks of 4096
    [TestCase(9999, 1)]
    [TestCase(10000, 0)]
    [TestCase(0, null)]
    [TestCase(7777, null)]
    public void ARangeIsThatPartOfTheWhole(int start, int? count)
    {
        var whole = Ramp(10000, 2);
        foreach (string name in new[] { "a.flac", "a.wav" })
        {
            AudioFile.Write(folder[name], whole);
            var part = AudioFile.Read(folder[name], start, count);
            int frames = count ?? 10000 - start;
            Assert.That(part.Samples, Is.EqualTo(whole.Samples[(2 * start)..(2 * (start + frames))]), name);
        }
    }

    [TestCase(-1, 1)]
    [TestCase(101, null)]
    [TestCase(0, 101)]
    [TestCase(60, 41)]
    [TestCase(0, -1)]
    public void ARangeOutsideTheFileIsRefused(int start, int? count)
    {
        AudioFile.Write(folder["a.wav"], Ramp(100));
        Assert.That(() => AudioFile.Read(folder["a.wav"], start, count),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("a.wav").And.Message.Contains("100 frames"));
    }

    [Test]
    public void MonoIsTheMeanOfTheChannels()
    {
        AudioFile.Write(folder["a.wav"], new AudioData([0.5f, 0.25f, -0.5f, 0.5f], 16000, 2));
        var mono = AudioFile.ReadMono(folder["a.wav"]);
        Assert.That(mono.Samples, Is.EqualTo(new[] { 0.375f, 0f }));
        Assert.That(mono.Channels, Is.EqualTo(1));
    }

    [Test]
    public void ATensorHasFramesAndChannels() => LeakCheck.IsClean(() =>
    {
        using var tensor = Ramp(5, 2).ToTensor();
        Assert.That(tensor.shape, Is.EqualTo(new long[] { 5, 2 }));
        Assert.That(tensor.data<float>().ToArray(), Is.EqualTo(Ramp(5, 2).Samples));
    });

    [Test]
    public void AMissingFileIsNamed() => Assert.That(() => AudioFile.Info(folder["absent.flac"]),
        Throws.TypeOf<FileNotFoundException>().With.Message.Contains("absent.flac"));

    [Test]
    public void WhatIsNoAudioIsNamed([Values("text.flac", "text.wav")] string name)
    {
        File.WriteAllText(folder[name], new string('x', 5000));
        Assert.That(() => AudioFile.Read(folder[name]), Throws.TypeOf<InvalidDataException>().With.Message.Contains(name));
    }

    [Test]
    public void AnEmptyFileIsNamed()
    {
        File.WriteAllBytes(folder["empty.flac"], []);
        Assert.That(() => AudioFile.Info(folder["empty.flac"]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("empty.flac"));
    }

    [Test]
    public void AFileCutShortIsNamed([Values("a.flac", "a.wav")] string name)
    {
        AudioFile.Write(folder["whole" + name], Noise(20000));
        File.WriteAllBytes(folder[name], File.ReadAllBytes(folder["whole" + name])[..^5000]);
        Assert.That(() => AudioFile.Read(folder[name]),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(name).And.Message.Contains("cut short"));
    }

    [Test]
    public void ADamagedFlacBlockIsNamed()
    {
        AudioFile.Write(folder["a.flac"], Noise(20000));
        byte[] bytes = File.ReadAllBytes(folder["a.flac"]);
        for (int i = 0; i < 64; i++)
            bytes[bytes.Length / 2 + i] ^= 0x5A;
        File.WriteAllBytes(folder["a.flac"], bytes);
        Assert.That(() => AudioFile.Read(folder["a.flac"]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("a.flac"));
    }

    [Test]
    public void AWavFromAPipeIsWhole()
    {
        // Programs that write to a pipe cannot go back to fill in the length.
        AudioFile.Write(folder["a.wav"], Ramp(100));
        byte[] bytes = File.ReadAllBytes(folder["a.wav"]);
        int data = bytes.AsSpan().IndexOf("data"u8);
        bytes.AsSpan(data + 4, 4).Fill(0xFF);
        bytes.AsSpan(4, 4).Fill(0xFF);
        File.WriteAllBytes(folder["pipe.wav"], bytes);
        Assert.That(AudioFile.Read(folder["pipe.wav"]).Samples, Is.EqualTo(Ramp(100).Samples));
    }

    [Test]
    public void ASampleThatIsNotFiniteIsNamedWhereverItStands(
        [Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity)] float value, [Values(0, 16, 50, 66)] int place)
    {
        float[] samples = [.. Enumerable.Range(0, 67).Select(i => i % 2 == 0 ? float.MaxValue : float.MinValue)];
        FloatWav.Write(folder["a.wav"], samples);
        Assert.That(AudioFile.Read(folder["a.wav"]).Samples, Is.EqualTo(samples));
        samples[place] = value;
        FloatWav.Write(folder["a.wav"], samples);
        Assert.That(() => AudioFile.Read(folder["a.wav"]), Throws.InstanceOf<InvalidDataException>()
            .With.Message.Contains("a.wav").And.Message.Contains(FormattableString.Invariant($"{value}, in frame {place}:")));
    }

    [Test]
    public void BadArgumentsOfWriteAreRefused()
    {
        Assert.That(() => AudioFile.Write(folder["a.mp3"], Ramp(10)), Throws.ArgumentException.With.Message.Contains("a.mp3"));
        Assert.That(() => AudioFile.Write(folder["a.wav"], new AudioData(new float[3], 16000, 2)), Throws.ArgumentException);
        Assert.That(() => AudioFile.Write(folder["a.wav"], new AudioData(new float[3], 0, 1)), Throws.ArgumentException);
        Assert.That(() => AudioFile.Write(folder["a.wav"], new AudioData([0, float.NaN], 16000, 1)),
            Throws.ArgumentException.With.Message.Contains("sample 1"));
        Assert.That(() => AudioFile.Write(Path.Combine(folder.Path, "no", "a.wav"), Ramp(10)), Throws.TypeOf<DirectoryNotFoundException>());
        Assert.That(folder.Files, Is.Empty);
    }

    /// <summary>libsndfile writes a FLAC file's last block when the file is closed, and says nothing where there is no room for it.</summary>
    [Test]
    public void OnAFullDiskAFileIsWrittenWholeOrNotAtAll([Values("a.flac", "a.wav")] string name)
    {
        using var disk = new SmallDisk(64 << 10);
        int whole = 0;
        for (int frames = 500; frames <= 15000; frames += 500)
        {
            disk.Fill(room: 20 << 10);
            try
            {
                AudioFile.Write(disk[name], Noise(frames));
                Assert.That(AudioFile.Read(disk[name]).Frames, Is.EqualTo(frames));
                whole++;
            }
            catch (IOException e)
            {
                Assert.That(e.Message, Does.Contain(name));
                Assert.That(File.Exists(disk[name]), Is.False);
            }

            File.Delete(disk[name]);
        }

        Assert.That(whole, Is.InRange(15, 24));
    }

    [Test]
    public void AFileThatDoesNotTellItsLengthIsReadInParts()
    {
        // FLAC written to a pipe: the 36 bits of STREAMINFO's number of samples are 0.
        AudioFile.Write(folder["a.flac"], Noise(16000));
        var bytes = File.ReadAllBytes(folder["a.flac"]);
        bytes[21] &= 0xF0;
        bytes.AsSpan(22, 4).Clear();
        File.WriteAllBytes(folder["a.flac"], bytes);
        Assert.That(() => AudioFile.Read(folder["a.flac"]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("a.flac").And.Message.Contains("parts"));
        Assert.That(AudioFile.Read(folder["a.flac"], 0, 16000).Samples, Has.Some.Not.Zero);
    }

    private static AudioData Noise(int frames)
    {
        var random = new Random(1); // noise, so that FLAC cannot shrink it to nothing
        return new AudioData([.. Enumerable.Range(0, frames).Select(_ => random.NextSingle() - 0.5f)], 16000, 1);
    }
}
