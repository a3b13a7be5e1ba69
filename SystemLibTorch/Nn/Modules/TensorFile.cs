using TorchSharp.Modules;

namespace TorchSharp;

/// <content>TorchSharp's own format of one tensor: element type, number of dimensions and sizes as LEB128 numbers, then the elements, row-major.</content>
public static partial class TensorExtensionMethods
{
    /// <summary>Makes a parameter of the tensor's memory; the tensor is left empty.</summary>
    public static Parameter AsParameter(this Tensor tensor) => new(tensor);

    /// <summary>Writes a tensor to a file.</summary>
    public static void Save(this Tensor tensor, string location) => tensor.Save(File.Create(location));

    /// <summary>Writes a tensor to a stream, and closes it.</summary>
    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    /// <summary>Writes a tensor.</summary>
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        writer.Write7BitEncodedInt64((long)tensor.dtype);
        writer.Write7BitEncodedInt64(tensor.dim());
        foreach (var size in tensor.shape) writer.Write7BitEncodedInt64(size);
        writer.Flush();
        tensor.WriteBytesToStream(writer.BaseStream);
    }

    /// <summary>Reads values into a tensor of the same type and shape; with <paramref name="skip"/>, reads past them.</summary>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        if (type != tensor.dtype)
            throw new ArgumentException($"Mismatched tensor data types while loading: {type} in the file, {tensor.dtype} in the target.");
        ReadValues(tensor, shape, reader, skip);
    }

    /// <summary>Reads a new tensor; with <paramref name="skip"/>, one of zeros of the shape that was read past.</summary>
    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    /// <summary>Reads values into a tensor of the same shape, or, where it is null, into a new one.</summary>
    public static void Load(ref Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        tensor ??= skip ? torch.zeros(shape, type) : torch.empty(shape, type);
        ReadValues(tensor, shape, reader, skip);
    }

    private static (torch.ScalarType, long[]) ReadHeader(BinaryReader reader)
    {
        var type = (torch.ScalarType)reader.Read7BitEncodedInt64();
        var shape = new long[reader.Read7BitEncodedInt64()];
        for (var d = 0; d < shape.Length; d++) shape[d] = reader.Read7BitEncodedInt64();
        return (type, shape);
    }

    private static void ReadValues(Tensor tensor, long[] shape, BinaryReader reader, bool skip)
    {
        if (skip)
        {
            var left = shape.Aggregate(tensor.element_size(), (bytes, size) => bytes * size);
            if (reader.BaseStream.CanSeek)
                reader.BaseStream.Seek(left, SeekOrigin.Current);
            else
                for (; left > 0; left--) reader.ReadByte();
            return;
        }
        if (!shape.AsSpan().SequenceEqual(tensor.shape))
            throw new ArgumentException($"Mismatched tensor shape while loading: [{string.Join(", ", shape)}] in the file, [{string.Join(", ", tensor.shape)}] in the target.");
        if (tensor.device_type == DeviceType.CPU && tensor.is_contiguous())
        {
            tensor.ReadBytesFromStream(reader.BaseStream);
            return;
        }
        using var frozen = torch.no_grad();
        using var read = torch.empty(shape, tensor.dtype, torch.CPU);
        read.ReadBytesFromStream(reader.BaseStream);
        tensor.copy_(read);
    }
}
