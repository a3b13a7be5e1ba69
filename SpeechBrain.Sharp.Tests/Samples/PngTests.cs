using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NUnit.Framework;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Samples;

public sealed class PngTests
{
    /// <summary>Width, height, and red, green and blue of each pixel, read by the letter of the standard.</summary>
    internal static (int Width, int Height, byte[] Rgb) Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        Assert.That(file[..8], Is.EqualTo(new byte[] { 137, 80, 78, 71, 13, 10, 26, 10 }));
        var chunks = new List<(string Name, byte[] Data)>();
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            byte[] named = file[(at + 4)..(at + 8 + length)];
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)), Is.EqualTo(Crc(named)));
            chunks.Add((Encoding.ASCII.GetString(named, 0, 4), named[4..]));
            at += 12 + length;
        }
        Assert.That(chunks.Select(chunk => chunk.Name), Is.EqualTo(new[] { "IHDR", "IDAT", "IEND" }));
        byte[] header = chunks[0].Data;
        Assert.That(header[8..], Is.EqualTo(new byte[] { 8, 2, 0, 0, 0 }), "8 bits of red, green and blue");
        int width = BinaryPrimitives.ReadInt32BigEndian(header), height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        using var zlib = new ZLibStream(new MemoryStream(chunks[1].Data), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        byte[][] lines = [.. rows.ToArray().Chunk(1 + width * 3)];
        Assert.That(lines, Has.Length.EqualTo(height).And.All.Matches<byte[]>(line => line[0] == 0), "no filter");
        return (width, height, [.. lines.SelectMany(line => line[1..])]);
    }

    // Bit by bit, as the standard's annex defines it.
    private static uint Crc(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                uint low = (crc ^ (uint)(value >> bit)) & 1;
                crc = (crc >> 1) ^ (low * 0xEDB88320);
            }
        }
        return ~crc;
    }

    [TestCase(1, 1)]
    [TestCase(7, 3)]
    [TestCase(300, 200)]
    public void PixelsComeBack(int width, int height)
    {
        using var folder = new TestFolder();
        var rgb = new byte[width * height * 3];
        new Random(1).NextBytes(rgb);
        Png.Write(folder["x.png"], rgb, width, height);
        var (w, h, read) = Read(folder["x.png"]);
        Assert.That((w, h), Is.EqualTo((width, height)));
        Assert.That(read, Is.EqualTo(rgb));
        Assert.That(File.ReadAllBytes(folder["x.png"])[^4..], Is.EqualTo(new byte[] { 0xAE, 0x42, 0x60, 0x82 }), "the checksum of every IEND");
    }
}
