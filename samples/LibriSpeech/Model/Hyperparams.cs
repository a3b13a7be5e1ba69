using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// What a model folder's <c>hyperparams.yaml</c> says in plain <c>key: value</c>. SpeechBrain's files also make Python objects (<c>!new:</c>) and
/// call functions; all of that is passed over, and nothing is ever run. (A recipe for training is stricter: <see cref="RecipeFile"/>.)
/// </summary>
internal sealed class Hyperparams
{
    private const int MaxReferences = 8;

    private readonly Dictionary<string, string> values = [];
    private readonly string? file;

    private Hyperparams(string? file) => this.file = file;

    /// <param name="file">null: nothing is known</param>
    /// <exception cref="UserException">It is no YAML.</exception>
    internal static Hyperparams Read(string? file)
    {
        var hyperparams = new Hyperparams(file);
        if (file is null)
            return hyperparams;
        try
        {
            using var reader = new StreamReader(file);
            hyperparams.Read(new Parser(reader));
            return hyperparams;
        }
        catch (YamlException e)
        {
            throw new UserException($"'{file}', line {e.Start.Line}: this is no YAML: {e.InnerException?.Message ?? e.Message}", e);
        }
    }

    /// <summary>The text behind a key, references to other keys followed; null: it is not there.</summary>
    internal string? Text(string key)
    {
        for (int i = 0; i < MaxReferences && values.TryGetValue(key, out string? value); i++)
        {
            if (value is not ['<', .. var other, '>'])
                return value;
            key = other;
        }
        return null;
    }

    /// <summary>A whole number, at least <paramref name="minimum"/>; null: it is not there.</summary>
    internal int? Number(string key, int minimum = 1)
    {
        if (Text(key) is not { } text)
            return null;
        return Parse(typeof(int), key, text) is int number && number >= minimum
            ? number
            : throw new UserException($"'{file}' has {key} '{text}'; it must be at least {minimum}.");
    }

    /// <summary>Sets what is known here in a record of a recipe that nobody else has seen yet.</summary>
    internal T Fill<T>(T record)
        where T : class
    {
        foreach (var setting in Setting.Of(typeof(T)))
            if (Text(setting.Key) is { } text)
                setting.Set(record, Parse(setting.Type, setting.Key, text));
        return record;
    }

    private object Parse(Type type, string key, string text)
    {
        try
        {
            return SettingValue.Parse(type, text);
        }
        catch (FormatException e)
        {
            throw new UserException($"'{file}' has {key} '{text}', which is not {e.Message}.", e);
        }
    }

    private void Read(Parser parser)
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _) || !parser.TryConsume<MappingStart>(out _))
            throw new UserException($"'{file}' is not a file of 'key: value' on each line.");
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            string? key = parser.TryConsume<Scalar>(out var name) ? name.Value : null;
            if (key is null)
                parser.SkipThisAndNestedEvents();
            if (key is not null && parser.Current is NodeEvent node && Text(node) is { } text)
                values.TryAdd(key, text);
            parser.SkipThisAndNestedEvents();
        }
    }

    /// <summary>Of tags, !ref and !name: leave a text behind; what !new: and !apply: stand before is Python's.</summary>
    private static string? Text(NodeEvent node) => node switch
    {
        Scalar { Tag.IsEmpty: true } plain => plain.Value,
        Scalar { Tag.Value: "!ref" } reference => reference.Value,
        { Tag: { IsEmpty: false, Value: ['!', 'n', 'a', 'm', 'e', ':', .. var name] } } => name,
        _ => null,
    };
}
