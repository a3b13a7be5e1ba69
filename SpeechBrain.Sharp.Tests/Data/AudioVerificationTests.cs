using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Data;

/// <summary>FLAC's checksum of the decoded samples, and what libsndfile makes of files that are not whole.</summary>
public sealed class AudioVerificationTests
{
    // In a FLAC file as libsndfile writes it: "fLaC", a block header of 4 bytes, and in STREAMINFO the MD5 at byte 18.
    private const int Md5At = 26;

    private TestFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private string Flac(int channels = 1, int frames = 40000)
    {
        var random = new Random(2); // noise, so that FLAC cannot shrink it to nothing
        float[] samples = [.. Enumerable.Range(0, frames * channels).Select(_ => random.NextSingle() - 0.5f)];
        AudioFile.Write(folder["a.flac"], new AudioData(samples, 16000, channels));
        return folder["a.flac"];
    }

    private static void Change(string path, Func<byte[], byte[]> change) => File.WriteAllBytes(path, change(File.ReadAllBytes(path)));

    [Test]
    public void TheChecksumOfAWholeFileMatches([Values(1, 2, 8)] int channels)
    {
        var path = Flac(channels);
        Assert.That(AudioFile.Verify(path), Is.EqualTo(AudioVerification.ChecksumMatches));
        // It is the MD5 of the samples as little-endian numbers, channels side by side.
        var samples = AudioFile.Read(path).Samples.Select(x => (short)(x * 32768)).ToArray();
        Assert.That(MD5.HashData(MemoryMarshal.AsBytes(samples.AsSpan())), Is.EqualTo(File.ReadAllBytes(path)[Md5At..(Md5At + 16)]));
    }

    [Test]
    public void SamplesOfTwentyFourBitsAreCompared()
    {
        var info = new Sndfile.FileInfo { SampleRate = 16000, Channels = 2, Format = Sndfile.FormatFlac | 0x0003 };
        using (var file = Sndfile.Open(folder["a.flac"], Sndfile.ModeWrite, ref info))
            Assert.That(Sndfile.WriteFrames(file, new short[] { 1, -2, 300, -400, 32767, -32768 }, 3), Is.EqualTo(3));
        Assert.That(AudioFile.Verify(folder["a.flac"]), Is.EqualTo(AudioVerification.ChecksumMatches));
    }

    [Test]
    public void AWrongChecksumIsNamedByAVerificationOnly()
    {
        var path = Flac();
        Change(path, bytes =>
        {
            bytes[Md5At + 7] ^= 1;
            return bytes;
        });
        Assert.That(AudioFile.Read(path).Frames, Is.EqualTo(40000));
        Assert.That(() => AudioFile.Verify(path), Throws.TypeOf<InvalidDataException>()
            .With.Message.Contains("a.flac").And.Message.Contains("wrong checksum").And.Message.Contains("Fetch it again"));
    }

    [Test]
    public void AnotherFilesAudioIsFound()
    {
        // Every frame is whole and has its own right checksum; only the MD5 tells that it is not this header's audio.
        var other = File.ReadAllBytes(Flac(frames: 40001))[Md5At..(Md5At + 16)];
        var path = Flac();
        Change(path, bytes => [.. bytes[..Md5At], .. other, .. bytes[(Md5At + 16)..]]);
        Assert.That(() => AudioFile.Verify(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("wrong checksum"));
    }

    // Anywhere: in the header, at a frame's begin, in its middle, one byte before the end.
    [Test]
    public void AFlacFileCutAnywhereIsNeitherReadNorVerified([Values(0, 3, 20, 50, 8192, 20000, 40000, -4000, -100, -1)] int length)
    {
        var path = Flac();
        Change(path, bytes => length >= 0 ? bytes[..length] : bytes[..^-length]);
        Assert.That(() => AudioFile.Read(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("a.flac").And.Message.Contains("again"));
        Assert.That(() => AudioFile.Verify(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("a.flac").And.Message.Contains("again"));
    }

    [Test]
    public void AFlacFileCutBetweenTwoBlocksIsNoShorterFile()
    {
        // Each block of samples begins with 14 bits of ones and zeros; to the decoder a file that ends before one ends well.
        var path = Flac();
        var whole = File.ReadAllBytes(path);
        var begins = Enumerable.Range(42, whole.Length - 43).Where(at => whole[at] == 0xFF && whole[at + 1] == 0xF8).ToList();
        Assert.That(begins, Has.Count.GreaterThanOrEqualTo(40000 / 4096));
        foreach (var begin in begins)
        {
            File.WriteAllBytes(path, whole[..begin]);
            Assert.That(() => AudioFile.Read(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("cut short"));
            Assert.That(() => AudioFile.Verify(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("cut short"));
        }
    }

    [Test]
    public void AFileWithoutChecksumIsDecoded()
    {
        var path = Flac();
        Change(path, bytes =>
        {
            bytes.AsSpan(Md5At, 16).Clear();
            return bytes;
        });
        Assert.That(AudioFile.Verify(path), Is.EqualTo(AudioVerification.Decoded));
        AudioFile.Write(folder["a.wav"], new AudioData(new float[100], 16000, 1));
        Assert.That(AudioFile.Verify(folder["a.wav"]), Is.EqualTo(AudioVerification.Decoded));
        Change(folder["a.wav"], bytes => bytes[..^50]);
        Assert.That(() => AudioFile.Verify(folder["a.wav"]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("cut short"));
    }

    [Test]
    public void ATagBeforeTheStreamIsPassedOver()
    {
        var path = Flac();
        byte[] tag = [.. "ID3"u8, 3, 0, 0, 0, 0, 1, 2, .. new byte[130]];
        Change(path, bytes => [.. tag, .. bytes]);
        Assert.That(AudioFile.Verify(path), Is.EqualTo(AudioVerification.ChecksumMatches));
    }

    [Test]
    public void AFileThatDoesNotTellItsLengthIsRefused()
    {
        var path = Flac();
        Change(path, bytes =>
        {
            bytes[21] &= 0xF0;
            bytes.AsSpan(22, 4).Clear();
            return bytes;
        });
        Assert.That(() => AudioFile.Verify(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("does not tell its length"));
    }
}
