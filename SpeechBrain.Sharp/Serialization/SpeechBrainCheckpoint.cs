using System.IO.Compression;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>
/// Reads and writes the <c>.ckpt</c> files of SpeechBrain, which are those of <c>torch.save</c>: a zip file with a pickle and the elements of
/// the tensors. A pickle is a program, and Python runs whatever it says; here one that wants more than tensors and plain containers is
/// refused, with a message that names what it wanted, and no code of the file is ever run.
/// </summary>
/// <remarks>
/// <para>
/// Python's None, bool, int, float, str and bytes become null, bool, long (BigInteger beyond 64 bits), double, string and byte[]; list, tuple,
/// dict (also OrderedDict, in its order) and set become <see cref="List{T}"/>, object?[], <see cref="OrderedDictionary{TKey, TValue}"/> and
/// <see cref="HashSet{T}"/>, all of <see cref="object"/>; parameters become plain tensors. The formats of PyTorch before 1.6 are refused.
/// </para>
/// <para>
/// Source of the format: PyTorch's <c>torch/serialization.py</c> and <c>torch/_utils.py</c>; the archive's checksums are not read, since
/// PyTorch may leave them out.
/// </para>
/// <code>
/// var report = SpeechBrainCheckpoint.LoadInto(model, "CKPT+2026-01-31+12-00-00+00/model.ckpt");
/// Console.WriteLine(report);      // 372 keys fit
/// SpeechBrainCheckpoint.Save("model.ckpt", model.state_dict());   // torch.load reads it
/// </code>
/// </remarks>
public static class SpeechBrainCheckpoint
{
    /// <summary>Reads everything in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where tensors go; the CPU by default, whatever device they were saved from.</param>
    /// <returns>
    /// What the file holds, in the types above. Its tensors belong to the caller. Tensors that shared memory when they were saved share it again;
    /// strides are as they were, so a tensor that was expanded may have more elements than memory.
    /// </returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or holds more than tensors and plain containers.</exception>
    public static object? Load(string path, Device? device = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no checkpoint '{path}'.", path);
        using var scope = NewDisposeScope();
        using var archive = new TorchArchive(path, device);
        object? value = new Unpickler(archive).Run();
        foreach (var tensor in PythonValue.All(value).OfType<Tensor>().Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>())
            tensor.MoveToOuterDisposeScope();
        return value;
    }

    /// <summary>Reads a file that holds a dictionary of tensors: <c>model.ckpt</c>, or <c>normalizer.ckpt</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where tensors go; the CPU by default.</param>
    /// <returns>Tensors by name in the file's order, of the caller. Numbers become tensors without dimensions, int64, float64 or bool.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>, or the file holds something else than such a dictionary.</exception>
    public static Dictionary<string, Tensor> LoadStateDict(string path, Device? device = null)
    {
        using var scope = NewDisposeScope();
        if (Load(path, device) is not OrderedDictionary<object, object?> dictionary)
            throw new InvalidDataException($"'{path}' does not hold a dictionary of tensors; SpeechBrainCheckpoint.Load returns what it holds.");
        var tensors = new Dictionary<string, Tensor>(dictionary.Count);
        foreach (var (key, value) in dictionary)
        {
            tensors.Add(
                key as string ?? throw Unfit(path, key, $"is {PythonValue.Describe(key)} and not a str"),
                value switch
                {
                    Tensor t => t,
                    long number => tensor(number, dtype: ScalarType.Int64, device: device),
                    double number => tensor(number, dtype: ScalarType.Float64, device: device),
                    bool flag => tensor(flag, dtype: ScalarType.Bool, device: device),
                    _ => throw Unfit(path, key, $"holds {PythonValue.Describe(value)}"),
                });
        }
        // One object under two names leaves the scope once.
        foreach (var tensor in tensors.Values.Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>())
            tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    /// <summary>
    /// Loads a file of tensors into a module by name. Names and shapes are compared first and all tensors are brought to the module's device and
    /// types, so that a failure changes nothing.
    /// </summary>
    /// <param name="module">Whose parameters and buffers are set.</param>
    /// <param name="path">The file.</param>
    /// <param name="strict">Whether every key must be on both sides with one shape; else what fits is loaded, and the report tells the rest.</param>
    /// <returns>What was loaded and what did not fit.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="LoadStateDict"/>; or <paramref name="strict"/>, and not all fits.</exception>
    public static StateDictReport LoadInto(nn.Module module, string path, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(module);
        using var scope = NewDisposeScope();
        return StateDict.LoadInto(module, LoadStateDict(path), $"'{path}'", strict);
    }

    /// <summary>
    /// Writes a file that Python's <c>torch.load</c> reads, with <c>weights_only</c> too. It appears whole or not at all: it is written under a
    /// temporary name, flushed to the disk, and renamed.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="value">
    /// Tensors (of any device, shape and stride; written contiguous), null, numbers, text, byte[], dictionaries, lists, object arrays (tuples)
    /// and <see cref="HashSet{T}"/> of <see cref="object"/>, within each other; <c>module.state_dict()</c>, for example. The same tensor object
    /// twice is written once.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Something else is in it, a key that is neither text nor a number, a disposed tensor, or a container that holds itself.
    /// </exception>
    /// <exception cref="DirectoryNotFoundException">The folder of <paramref name="path"/> does not exist.</exception>
    public static void Save(string path, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var pickler = new Pickler();
        byte[] pickle = pickler.Dump(value);
        string root = Path.GetFileNameWithoutExtension(path);
        AtomicFile.Write(path, temporary =>
        {
            using var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write);
            using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            {
                Entry(zip, $"{root}/data.pkl", data => data.Write(pickle));
                Entry(zip, $"{root}/byteorder", data => data.Write("little"u8));
                foreach (var (key, tensor) in pickler.Storages.Index())
                    Entry(zip, $"{root}/data/{key}", data => TensorBytes.Write(data, tensor));
                Entry(zip, $"{root}/version", data => data.Write(Encoding.ASCII.GetBytes("3\n")));
            }
            stream.Flush(flushToDisk: true);
        });
    }

    private static void Entry(ZipArchive zip, string name, Action<Stream> write)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // zip's first day, as torch.save: equal values are equal files
        using var data = entry.Open();
        write(data);
    }

    private static InvalidDataException Unfit(string path, object key, string what) => new(
        $"'{path}' is not a dictionary of tensors: its key '{key}' {what}. SpeechBrainCheckpoint.Load returns all that it holds.");
}
