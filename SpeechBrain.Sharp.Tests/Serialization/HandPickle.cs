using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SpeechBrain.Sharp.Tests.Serialization;

/// <summary>Pickles written instruction by instruction, in zip files like those of torch.save, to make what no honest program writes.</summary>
internal sealed class HandPickle
{
    private readonly List<byte> pickle = [0x80, 2];

    /// <summary>The instructions so far, ended by STOP.</summary>
    internal byte[] Stop() => [.. pickle, (byte)'.'];

    internal HandPickle Op(params byte[] instructions)
    {
        pickle.AddRange(instructions);
        return this;
    }

    /// <summary>Instructions that are letters.</summary>
    internal HandPickle Op(string letters) => Op(Encoding.ASCII.GetBytes(letters));

    internal HandPickle Global(string module, string name) => Op(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    internal HandPickle Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return Op([(byte)'X', .. length, .. utf8]);
    }

    internal HandPickle Int(long value)
    {
        byte[] number = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        return Op([0x8a, 8, .. number]);
    }

    internal HandPickle Ints(params long[] values)
    {
        Op("(");
        foreach (long value in values)
            Int(value);
        return Op("t");
    }

    /// <summary>A storage, kept as value 1.</summary>
    internal HandPickle Storage(string type = "FloatStorage", string key = "0", long count = 6) =>
        Op("(").Text("storage").Global("torch", type).Text(key).Text("cpu").Int(count).Op("tQ").Op((byte)'q', 1);

    /// <summary>A tensor of the storage that was kept as value 1.</summary>
    internal HandPickle View(long offset, long[] sizes, long[] strides) => Global("torch._utils", "_rebuild_tensor_v2")
        .Op("(").Op((byte)'h', 1).Int(offset).Ints(sizes).Ints(strides).Op(0x89).Global("collections", "OrderedDict").Op(")RtR");

    /// <summary>A storage and a tensor of it.</summary>
    internal static HandPickle Tensor(long offset, long[] sizes, long[] strides, string type = "FloatStorage", string key = "0", long count = 6) =>
        new HandPickle().Storage(type, key, count).Op("0").View(offset, sizes, strides);

    /// <summary>Writes a zip file of a pickle and the storages 0, 1, ...</summary>
    internal static void Write(string path, byte[] pickle, params byte[][] storages) => Write(
        path, [("a/data.pkl", pickle), .. storages.Select((s, i) => ($"a/data/{i}", s)), ("a/version", "3\n"u8.ToArray())]);

    /// <summary>Writes a zip file of any entries.</summary>
    internal static void Write(string path, (string Name, byte[] Bytes)[] entries, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
        {
            using var entry = zip.CreateEntry(name, compression).Open();
            entry.Write(content);
        }
    }

    /// <summary>The numbers 0, 1, ... as float32.</summary>
    internal static byte[] Floats(int count) => [.. Enumerable.Range(0, count).SelectMany(i => BitConverter.GetBytes((float)i))];
}
