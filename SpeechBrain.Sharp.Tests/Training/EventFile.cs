using System.Buffers.Binary;
using NUnit.Framework;
using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Tests.Training;

/// <summary>Reads event files by the letter of their formats, bit by bit where the library has tables and instructions.</summary>
internal static class EventFile
{
    internal sealed record Picture(long Height, long Width, long Colorspace, byte[] Png);

    /// <summary>One event; a scalar a tag, or a picture.</summary>
    internal sealed record Event(double WallTime, long Step, string? FileVersion, long? SessionStatus, List<(string Tag, float Value)> Scalars, Picture? Image);

    internal static List<Event> Read(string path)
    {
        var events = new List<Event>();
        byte[] file = File.ReadAllBytes(path);
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)), Is.EqualTo(Masked(file[at..(at + 8)])), "checksum of the length");
            byte[] content = file[(at + 12)..(at + 12 + length)];
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)), Is.EqualTo(Masked(content)), "checksum of the content");
            events.Add(EventOf(content));
            at += 16 + length;
        }
        return events;
    }

    /// <summary>CRC-32C as polynomial division, bit by bit from the lowest.</summary>
    internal static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }
        return ~crc;
    }

    private static uint Masked(byte[] bytes)
    {
        uint crc = Crc(bytes);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8);
    }

    private static Event EventOf(byte[] content)
    {
        var result = new Event(0, 0, null, null, [], null);
        var reader = new ProtobufReader(content);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: result = result with { WallTime = BitConverter.Int64BitsToDouble(reader.Integer) }; break;
                case 2: result = result with { Step = reader.Integer }; break;
                case 3: result = result with { FileVersion = System.Text.Encoding.UTF8.GetString(reader.Bytes) }; break;
                case 5: result = Summary(result, reader.Bytes); break;
                case 7:
                    var session = new ProtobufReader(reader.Bytes);
                    Assert.That(session.Next() && session.Field == 1);
                    result = result with { SessionStatus = session.Integer };
                    break;
                default: Assert.Fail($"field {reader.Field}"); break;
            }
        }
        return result;
    }

    private static Event Summary(Event result, ReadOnlySpan<byte> summary)
    {
        var values = new ProtobufReader(summary);
        while (values.Next())
        {
            Assert.That(values.Field, Is.EqualTo(1));
            string tag = "";
            var value = new ProtobufReader(values.Bytes);
            while (value.Next())
            {
                switch (value.Field)
                {
                    case 1: tag = System.Text.Encoding.UTF8.GetString(value.Bytes); break;
                    case 2: result.Scalars.Add((tag, value.Float)); break;
                    case 4: result = result with { Image = Image(value.Bytes) }; break;
                    default: Assert.Fail($"field {value.Field}"); break;
                }
            }
        }
        return result;
    }

    private static Picture Image(ReadOnlySpan<byte> message)
    {
        var numbers = new long[4];
        byte[] png = [];
        var image = new ProtobufReader(message);
        while (image.Next())
        {
            if (image.Field == 4)
                png = image.Bytes.ToArray();
            else
                numbers[image.Field] = image.Integer;
        }
        return new(numbers[1], numbers[2], numbers[3], png);
    }
}
