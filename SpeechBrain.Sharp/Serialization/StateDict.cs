using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>Brings tensors from a file, by name, into a module.</summary>
public static class StateDict
{
    /// <summary>Compares tensors with a module's parameters and buffers; changes nothing.</summary>
    /// <param name="module">The module.</param>
    /// <param name="tensors">Tensors by the module's keys.</param>
    /// <returns>
    /// What fits. A tensor fits one of its shape on any device; real numbers fit real numbers of any width, and integers integers.
    /// </returns>
    public static StateDictReport Compare(nn.Module module, IReadOnlyDictionary<string, Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(tensors);
        return Compare(module.state_dict(), tensors);
    }

    /// <summary>
    /// Copies tensors into a module by name. Everything is compared first, and brought to the module's device and types, so that a failure
    /// changes nothing.
    /// </summary>
    /// <param name="module">Whose parameters and buffers are set.</param>
    /// <param name="tensors">Tensors by the module's keys, for example of <see cref="Safetensors.Load"/>; they stay the caller's.</param>
    /// <param name="source">What messages call them: a file's name.</param>
    /// <param name="strict">Whether every key must be on both sides and fit; else what fits is loaded, and the report tells the rest.</param>
    /// <returns>What was loaded and what did not fit.</returns>
    /// <exception cref="InvalidDataException"><paramref name="strict"/>, and something does not fit; the message is the report.</exception>
    public static StateDictReport LoadInto(
        nn.Module module, IReadOnlyDictionary<string, Tensor> tensors, string source = "the file", bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(tensors);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var own = module.state_dict();
        var report = Compare(own, tensors);
        if (strict && !report.IsComplete)
        {
            throw new InvalidDataException(
                $"{source} does not fit {module.GetType().Name}, and nothing was loaded: {report}\n"
                + "Make the module with the sizes that it was saved with, or load with strict: false.");
        }
        // Whatever can fail is done before the first copy.
        var staged = report.Loaded.Select(key => (Target: own[key], Value: tensors[key].detach().to(own[key].dtype, own[key].device))).ToList();
        foreach (var (target, value) in staged)
            target.copy_(value);
        return report;
    }

    private static StateDictReport Compare(Dictionary<string, Tensor> own, IReadOnlyDictionary<string, Tensor> tensors)
    {
        List<string> loaded = [];
        List<StateDictMismatch> mismatching = [];
        foreach (var (key, target) in own)
        {
            if (!tensors.TryGetValue(key, out var value))
                continue;
            if (value is null || value.IsInvalid)
                throw new ArgumentException($"Tensor '{key}' is {(value is null ? "null" : "disposed")}; give one that is alive.", nameof(tensors));
            if (target.shape.SequenceEqual(value.shape) && Kind(target.dtype) == Kind(value.dtype))
                loaded.Add(key);
            else
                mismatching.Add(new(key, target.shape, target.dtype, value.shape, value.dtype));
        }
        return new(loaded, [.. own.Keys.Where(k => !tensors.ContainsKey(k))], [.. tensors.Keys.Where(k => !own.ContainsKey(k))], mismatching);
    }

    // Within a kind copying keeps the meaning; between kinds something is lost.
    private static int Kind(ScalarType dtype) => dtype switch
    {
        ScalarType.Bool => 0,
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 => 1,
        ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64 => 3,
        _ => 2,
    };
}
