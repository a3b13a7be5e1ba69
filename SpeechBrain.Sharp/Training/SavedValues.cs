using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Training;

/// <summary>A dictionary that a file of a checkpoint holds. What is not as it should be is refused with the file's name.</summary>
internal sealed class SavedValues
{
    private readonly OrderedDictionary<object, object?> values;
    private readonly string path;

    private SavedValues(OrderedDictionary<object, object?> values, string path) => (this.values, this.path) = (values, path);

    /// <summary>Reads a file; tensors in it belong to the current dispose scope.</summary>
    /// <exception cref="InvalidDataException">It does not hold a dictionary.</exception>
    internal static SavedValues Read(string path) => new(
        SpeechBrainCheckpoint.Load(path) as OrderedDictionary<object, object?>
        ?? throw new InvalidDataException($"'{path}' does not hold a dictionary; it is no checkpoint of this program."), path);

    /// <summary>The whole number of that name, at least 0 and at most <paramref name="maximum"/>.</summary>
    internal long Count(string key, long maximum = long.MaxValue) =>
        values.TryGetValue(key, out object? value) && value is long count && count >= 0 && count <= maximum ? count : throw Lacking(key, "a count");

    /// <summary>The number of that name.</summary>
    internal double Number(string key) => (values.TryGetValue(key, out object? value) ? value : null) switch
    {
        double real => real,
        long whole => whole,
        _ => throw Lacking(key, "a number"),
    };

    /// <summary>The list of that name.</summary>
    internal List<object?> List(string key) =>
        values.TryGetValue(key, out object? value) && value is List<object?> list ? list : throw Lacking(key, "a list");

    /// <summary>The text and the dictionaries inside a list are refused in the same words.</summary>
    internal SavedValues Inner(string key, object? value) =>
        value is OrderedDictionary<object, object?> inner ? new SavedValues(inner, path) : throw Lacking(key, "a list of dictionaries");

    /// <summary>What is said of a value that is missing or of another kind.</summary>
    internal InvalidDataException Lacking(string key, string kind) =>
        new($"'{path}' has no '{key}' that is {kind}; it has {string.Join(", ", values.Keys.Order())}.");
}
