using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>
/// A safetensors file opened for reading. The file is mapped into memory: opening reads only the header, and a tensor's bytes are read
/// when it is asked for. The format: https://github.com/huggingface/safetensors.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly string path;
    private readonly long dataStart;
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly SafetensorsHeader header;

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a well-formed safetensors file; the message names the tensor and the bytes.</exception>
    public SafetensorsFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = path;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        long length = stream.Length;
        if (length < 8)
            throw SafetensorsHeader.Bad(path, $"it has {length} bytes, and 8 alone tell the header's length");
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafetensorsHeader.MaxLength || headerLength > (ulong)(length - 8))
            throw SafetensorsHeader.Bad(path, $"its header should have {headerLength} bytes; the file has {length - 8} after the length, "
                + $"and a header at most {SafetensorsHeader.MaxLength}");
        byte[] json = new byte[(int)headerLength];
        stream.ReadExactly(json);
        dataStart = 8 + json.Length;
        header = SafetensorsHeader.Parse(json, length - dataStart, path);

        map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
    }

    /// <summary>Every tensor of the file by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => header.Entries;

    /// <summary>The text that was saved along with the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>Copies one tensor out of the file.</summary>
    /// <param name="name">Its name, one of <see cref="Entries"/>.</param>
    /// <param name="device">Where to put it; CPU by default.</param>
    /// <returns>A new tensor, which the caller owns.</returns>
    /// <exception cref="KeyNotFoundException">The file has no tensor of that name.</exception>
    /// <exception cref="InvalidDataException">A boolean has a value other than 0 and 1.</exception>
    public Tensor Read(string name, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Entries.TryGetValue(name, out var entry))
            throw new KeyNotFoundException($"'{path}' has no tensor '{name}'; it has {Some(Entries.Keys)}.");
        ObjectDisposedException.ThrowIf(view.SafeMemoryMappedViewHandle.IsClosed, this);
        using var scope = NewDisposeScope();
        var tensor = empty(entry.Shape.ToArray(), dtype: entry.Dtype, device: CPU);
        CopyTo(entry, tensor);
        if (device is not null && device.type != DeviceType.CPU)
            tensor = tensor.to(device);
        return tensor.MoveToOuterDisposeScope();
    }

    private unsafe void CopyTo(SafetensorsEntry entry, Tensor tensor)
    {
        long count = tensor.numel();
        if (count == 0)
            return;
        long elementSize = entry.Dtype.ElementSize();
        byte* start = null;
        var handle = view.SafeMemoryMappedViewHandle;
        handle.AcquirePointer(ref start);
        try
        {
            byte* source = start + view.PointerOffset + dataStart + entry.Start;
            foreach (var (first, length) in TensorBytes.Chunks(count, elementSize))
            {
                using var flat = tensor.view(-1);
                using var part = flat.narrow(0, first, length);
                var bytes = new ReadOnlySpan<byte>(source + first * elementSize, (int)(length * elementSize));
                if (entry.Dtype == ScalarType.Bool && bytes.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and var at)
                    throw SafetensorsHeader.Bad(path, $"boolean tensor '{entry.Name}' has the value {bytes[at]} at element {first + at}");
                bytes.CopyTo(part.bytes);
            }
        }
        finally
        {
            handle.ReleasePointer();
        }
    }

    private static string Some(IEnumerable<string> names)
    {
        var shown = names.Order().Take(11).ToList();
        return shown.Count == 0 ? "none" : string.Join(", ", shown.Take(10)) + (shown.Count > 10 ? ", ..." : "");
    }

    /// <summary>Closes the file; tensors read from it stay.</summary>
    public void Dispose()
    {
        view.Dispose();
        map.Dispose();
    }
}
