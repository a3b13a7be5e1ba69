using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>
/// Reads and writes safetensors files: named tensors with a JSON header, no code in them
/// (https://github.com/huggingface/safetensors). Types: F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL.
/// </summary>
public static class Safetensors
{
    /// <summary>Reads every tensor of a file. To read some of them, open a <see cref="SafetensorsFile"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where to put the tensors; CPU by default.</param>
    /// <returns>New tensors by name, which the caller owns.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a well-formed safetensors file; the message says what is wrong and where.</exception>
    public static Dictionary<string, Tensor> Load(string path, Device? device = null)
    {
        using var file = new SafetensorsFile(path);
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(file.Entries.Count);
        foreach (string name in file.Entries.Keys)
            tensors.Add(name, file.Read(name, device));
        foreach (var tensor in tensors.Values)
            tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    /// <summary>
    /// Writes tensors to a file. The file appears whole or not at all: it is written under a temporary name beside its place, flushed to
    /// the disk, and renamed.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">Tensors of any shape, stride and device by name, for example a module's <c>state_dict()</c>.</param>
    /// <param name="metadata">Text to keep with them.</param>
    /// <exception cref="ArgumentException">A tensor's type has no place in the format, one is null or disposed, or one is named
    /// <c>__metadata__</c>.</exception>
    public static void Save(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var (name, tensor) in tensors)
        {
            if (name == SafetensorsHeader.MetadataKey)
                throw new ArgumentException($"A tensor can't be named '{name}': the format keeps its metadata there.", nameof(tensors));
            if (tensor is null || tensor.IsInvalid)
                throw new ArgumentException($"Tensor '{name}' is {(tensor is null ? "null" : "disposed")}; give one that is alive.", nameof(tensors));
            if (DtypeNames.Safetensors.NameOf(tensor.dtype) is null)
                throw new ArgumentException(
                    $"Tensor '{name}' is {tensor.dtype}, which has no place in a safetensors file; it holds {DtypeNames.Safetensors}.",
                    nameof(tensors));
        }

        // Wide types first, as the reference implementation does: every tensor then begins at a multiple of its element size.
        var ordered = tensors.OrderByDescending(t => t.Value.dtype.ElementSize()).ThenBy(t => t.Key, StringComparer.Ordinal).ToList();
        byte[] header = Header(ordered, metadata);
        AtomicFile.Write(path, temporary =>
        {
            using var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write);
            Span<byte> prefix = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
            stream.Write(prefix);
            stream.Write(header);
            foreach (var (_, tensor) in ordered)
                TensorBytes.Write(stream, tensor);
            stream.Flush(flushToDisk: true);
        });
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> ordered, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach (var (key, text) in metadata)
                    json.WriteString(key, text);
                json.WriteEndObject();
            }
            long position = 0;
            foreach (var (name, tensor) in ordered)
            {
                long end = position + tensor.numel() * tensor.dtype.ElementSize();
                json.WriteStartObject(name);
                json.WriteString("dtype", DtypeNames.Safetensors.NameOf(tensor.dtype));
                json.WriteStartArray("shape");
                foreach (long size in tensor.shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(position);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                position = end;
            }
            json.WriteEndObject();
        }
        // Spaces up to a multiple of 8, so that the data is aligned.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }
}
