using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>
/// The header of a safetensors file: 8 bytes (little endian) with its length, then JSON that maps each tensor's name to
/// <c>dtype</c>, <c>shape</c> and <c>data_offsets</c>, and <c>__metadata__</c> to text. A file comes from anywhere, so nothing in it is
/// believed: every offset is checked against the file's own size before a byte of data is touched.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The format's own bound on the header's length.</summary>
    internal const long MaxLength = 100_000_000;

    internal const string MetadataKey = "__metadata__";

    private SafetensorsHeader(Dictionary<string, SafetensorsEntry> entries, Dictionary<string, string> metadata)
    {
        Entries = entries;
        Metadata = metadata;
    }

    internal Dictionary<string, SafetensorsEntry> Entries { get; }

    internal Dictionary<string, string> Metadata { get; }

    /// <param name="json">The header's bytes.</param>
    /// <param name="dataLength">Bytes in the file after the header.</param>
    /// <param name="path">Named in messages.</param>
    /// <exception cref="InvalidDataException">The header is not one.</exception>
    internal static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, long dataLength, string path)
    {
        if (json.Length == 0 || json.Span[0] != (byte)'{')
            throw Bad(path, "the header does not begin with '{'");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var entries = new Dictionary<string, SafetensorsEntry>();
            var metadata = new Dictionary<string, string>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataKey)
                    ReadMetadata(property.Value, metadata, path);
                else
                    entries.Add(property.Name, ReadEntry(property.Name, property.Value, dataLength, path));
            }
            CheckLayout(entries.Values, dataLength, path);
            return new SafetensorsHeader(entries, metadata);
        }
        // A string with broken UTF-8 or half a surrogate pair shows only when it is read, as an InvalidOperationException.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' is not a safetensors file: its header is not JSON ({e.Message})", e);
        }
    }

    internal static InvalidDataException Bad(string path, string what) => new($"'{path}' is not a safetensors file: {what}.");

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Bad(path, $"{MetadataKey} is {value.ValueKind}, not an object");
        foreach (var item in value.EnumerateObject())
        {
            if (item.Value.ValueKind != JsonValueKind.String)
                throw Bad(path, $"{MetadataKey} '{item.Name}' is {item.Value.ValueKind}, not text");
            metadata.Add(item.Name, item.Value.GetString()!);
        }
    }

    private static SafetensorsEntry ReadEntry(string name, JsonElement value, long dataLength, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Bad(path, $"tensor '{name}' is {value.ValueKind}, not an object");
        foreach (var item in value.EnumerateObject())
            if (item.Name is not ("dtype" or "shape" or "data_offsets"))
                throw Bad(path, $"tensor '{name}' has an unknown field '{item.Name}'");
        if (!value.TryGetProperty("dtype", out var dtypeName) || dtypeName.ValueKind != JsonValueKind.String)
            throw Bad(path, $"tensor '{name}' has no dtype");
        if (DtypeNames.Safetensors.Find(dtypeName.GetString()!) is not { } dtype)
            throw Bad(path, $"tensor '{name}' has dtype '{dtypeName.GetString()}'; known are {DtypeNames.Safetensors}");

        var shape = Integers(value, "shape", name, path);
        long bytes = dtype.ElementSize();
        foreach (long size in shape)
        {
            try
            {
                bytes = checked(bytes * size);
            }
            catch (OverflowException)
            {
                throw Bad(path, $"tensor '{name}' has an impossible shape [{string.Join(", ", shape)}]");
            }
        }
        long[] offsets = Integers(value, "data_offsets", name, path);
        if (offsets.Length != 2)
            throw Bad(path, $"tensor '{name}' has {offsets.Length} data_offsets, not 2");
        if (offsets[0] > offsets[1] || offsets[1] > dataLength)
            throw Bad(path, $"tensor '{name}' lies at bytes {offsets[0]} to {offsets[1]} of {dataLength} that are there");
        if (offsets[1] - offsets[0] != bytes)
            throw Bad(
                path,
                $"tensor '{name}', {dtypeName.GetString()} [{string.Join(", ", shape)}], needs {bytes} bytes and has {offsets[1] - offsets[0]}");
        return new SafetensorsEntry(name, dtype, shape, offsets[0], offsets[1]);
    }

    private static long[] Integers(JsonElement value, string field, string name, string path)
    {
        if (!value.TryGetProperty(field, out var list) || list.ValueKind != JsonValueKind.Array)
            throw Bad(path, $"tensor '{name}' has no list '{field}'");
        var numbers = new long[list.GetArrayLength()];
        int i = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0)
                throw Bad(path, $"tensor '{name}' has {item.GetRawText()} in '{field}', where only integers from 0 belong");
            numbers[i++] = number;
        }
        return numbers;
    }

    /// <summary>The tensors must fill the data exactly: no byte twice, none unused (the format's rule, so that nothing can hide in a file).</summary>
    private static void CheckLayout(IEnumerable<SafetensorsEntry> entries, long dataLength, string path)
    {
        long end = 0;
        string? last = null;
        foreach (var entry in entries.OrderBy(e => e.Start).ThenBy(e => e.End))
        {
            if (entry.Start < end)
                throw Bad(path, $"tensors '{last}' and '{entry.Name}' share bytes {entry.Start} to {Math.Min(end, entry.End)}");
            if (entry.Start > end)
                throw Bad(path, $"bytes {end} to {entry.Start}, before tensor '{entry.Name}', belong to no tensor");
            end = entry.End;
            last = entry.Name;
        }
        if (end != dataLength)
            throw Bad(path, $"bytes {end} to {dataLength}, at the end, belong to no tensor");
    }
}
