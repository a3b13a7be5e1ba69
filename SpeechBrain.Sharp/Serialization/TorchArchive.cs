using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>
/// The zip file that <c>torch.save</c> writes: <c>NAME/data.pkl</c> says what there is, <c>NAME/data/KEY</c> holds the elements of one
/// storage. Nothing in it is believed: what is read is never more than the file itself has.
/// </summary>
internal sealed class TorchArchive : IDisposable
{
    /// <summary>Longest pickle that is read; that of a model of 80 million weights has 50 kB.</summary>
    private const long MaxPickleBytes = 256L << 20;

    private const string ResaveInPython = "in Python, torch.save(torch.load(path, map_location='cpu'), path) writes today's format";

    // A pickle of PyTorch's magic number, with which its format before 1.6 begins.
    private static readonly byte[] LegacyMagic = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

    private readonly FileStream stream;
    private readonly ZipArchive zip;
    private readonly Dictionary<string, ZipArchiveEntry> entries = [];
    private readonly Dictionary<string, TorchStorage> storages = [];
    private readonly string path;
    private readonly string root;
    private readonly Device? device;
    private long bytesRead;

    /// <param name="path">The file.</param>
    /// <param name="device">Where storages go; null: the CPU.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not what <c>torch.save</c> writes.</exception>
    internal TorchArchive(string path, Device? device)
    {
        this.path = path;
        this.device = device is null || device.type == DeviceType.CPU ? null : device;
        stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            CheckBeginning();
            zip = Open();
            root = Index();
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The pickle.</summary>
    internal byte[] Pickle()
    {
        var entry = entries[root + "data.pkl"];
        if (entry.Length > MaxPickleBytes)
            throw Bad($"its data.pkl has {entry.Length} bytes; at most {MaxPickleBytes} are read. Save tensors, not lists of numbers");
        byte[] pickle = new byte[entry.Length];
        try
        {
            using var data = OpenEntry(entry);
            data.ReadExactly(pickle);
        }
        catch (EndOfStreamException)
        {
            throw CutShort("data.pkl");
        }
        return pickle;
    }

    /// <summary>One storage; read when first asked for. Belongs to the current dispose scope.</summary>
    internal TorchStorage Storage(string key, ScalarType dtype, long count)
    {
        if (storages.TryGetValue(key, out var known))
        {
            return known.Dtype == dtype && known.Count == count
                ? known
                : throw Bad($"storage '{key}' is {known.Count} elements of {known.Dtype} in one place and {count} of {dtype} in another");
        }
        if (!entries.TryGetValue($"{root}data/{key}", out var entry))
            throw Bad($"storage '{key}' is missing. Copy or save the file again");
        long size = Size(dtype);
        if (count < 0 || count > entry.Length / size || count * size != entry.Length)
        {
            throw Bad($"storage '{key}' has {entry.Length} bytes, where {count} elements of {dtype} need {(Int128)count * size}. "
                + "Copy or save the file again");
        }
        bytesRead += entry.Length;
        if (bytesRead > stream.Length)
            throw Bad($"its storages have more bytes together than the file's {stream.Length}");

        var elements = empty(count, dtype: dtype, device: CPU);
        try
        {
            using var data = OpenEntry(entry);
            TensorBytes.Read(data, elements);
        }
        catch (EndOfStreamException)
        {
            throw CutShort($"storage '{key}'");
        }
        if (dtype == ScalarType.Bool && !AreBools(elements))
            throw Bad($"storage '{key}' of booleans has a value other than 0 and 1");
        if (device is not null)
            elements = elements.to(device);
        return storages[key] = new TorchStorage(elements, dtype, count);
    }

    /// <summary>An exception that names the file.</summary>
    internal InvalidDataException Bad(string what) => new($"Cannot read '{path}': {what}.");

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        zip.Dispose();
        stream.Dispose();
    }

    private static long Size(ScalarType dtype)
    {
        using var one = empty(0, dtype: dtype);
        return one.element_size();
    }

    private static bool AreBools(Tensor elements)
    {
        foreach (var (first, length) in TensorBytes.Chunks(elements.numel(), 1))
        {
            using var part = elements.narrow(0, first, length);
            if (((ReadOnlySpan<byte>)part.bytes).ContainsAnyExceptInRange((byte)0, (byte)1))
                return false;
        }
        return true;
    }

    private void CheckBeginning()
    {
        byte[] start = new byte[LegacyMagic.Length];
        int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (length == 0)
            throw Bad("it is empty. Copy or save it again");
        if (start.AsSpan().SequenceEqual(LegacyMagic))
            throw Bad($"it has PyTorch's format from before version 1.6; {ResaveInPython}");
        if (start[0] == 0x80)
            throw Bad($"it is a bare pickle, not a zip file as torch.save writes it; {ResaveInPython}");
        if (!start.AsSpan().StartsWith("PK\x03\x04"u8))
            throw Bad("it is not a zip file as torch.save writes it. (counter.ckpt is text; safetensors are read by Safetensors.Load)");
    }

    private ZipArchive Open()
    {
        try
        {
            var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            _ = archive.Entries.Count; // the directory is read on first use
            return archive;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or IOException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException(
                $"Cannot read '{path}': it is a zip file that was cut short or damaged ({e.Message}) Copy or save it again.", e);
        }
    }

    /// <summary>Lists the entries, and returns the folder in the zip that holds all.</summary>
    private string Index()
    {
        foreach (var entry in zip.Entries)
        {
            if (!entries.TryAdd(entry.FullName, entry))
                throw Bad($"it has two entries '{entry.FullName}'");
            // torch.save stores; what is stored can't grow beyond the file when it is read.
            if (entry.Length != entry.CompressedLength || entry.Length > stream.Length)
                throw Bad($"its entry '{entry.FullName}' is compressed, or longer than the file; torch.save stores. Save it again in Python");
        }
        var pickles = entries.Keys.Where(n => n.EndsWith("/data.pkl", StringComparison.Ordinal) && n.Count(c => c == '/') == 1).ToList();
        if (pickles.Count != 1)
            throw Bad($"it is a zip file with {pickles.Count} entries NAME/data.pkl; torch.save writes one");
        string folder = pickles[0][..^"data.pkl".Length];
        if (entries.TryGetValue(folder + "byteorder", out var order))
        {
            byte[] text = new byte[Math.Min(order.Length, 16)];
            using (var data = OpenEntry(order))
                text = text[..data.ReadAtLeast(text, text.Length, throwOnEndOfStream: false)];
            if (!text.AsSpan().SequenceEqual("little"u8))
                throw Bad("it was written on a big-endian machine. Save it again on a little-endian one");
        }
        return folder;
    }

    private Stream OpenEntry(ZipArchiveEntry entry)
    {
        try
        {
            return entry.Open();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException(
                $"Cannot read '{path}': its entry '{entry.FullName}' is damaged ({e.Message}) Copy or save the file again.", e);
        }
    }

    private InvalidDataException CutShort(string what) => Bad($"{what} is cut short. Copy or save the file again");
}
