using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>All that is needed to make a model again; kept beside its weights.</summary>
/// <param name="Features">what goes in</param>
/// <param name="Model">its sizes</param>
/// <param name="ChunkSize">encoder frames in a chunk when it is used; 0: no chunks</param>
internal sealed record RecognizerSizes(FeatureRecipe Features, ModelRecipe Model, int ChunkSize)
{
    private const string Alphabet = "alphabet", TestChunkSize = "test_chunk_size";

    /// <summary>The sizes as text by the names of a recipe, and the alphabet of a tokenizer that has one.</summary>
    internal Dictionary<string, string> Metadata(ITokenizer tokenizer)
    {
        Dictionary<string, string> metadata = new() { [TestChunkSize] = $"{ChunkSize}" };
        foreach (object record in new object[] { Features, Model })
            foreach (var setting in Setting.Of(record.GetType()))
                if (setting.Get(record) is { } value)
                    metadata.Add(setting.Key, SettingValue.Format(value));
        if (tokenizer is CharacterTokenizer characters)
            metadata.Add(Alphabet, characters.Alphabet);
        return metadata;
    }

    /// <summary>Reads what <see cref="Metadata"/> made.</summary>
    /// <param name="metadata">Text by name.</param>
    /// <param name="file">Whose it is, for messages.</param>
    /// <returns>The sizes, and the alphabet if it has one.</returns>
    /// <exception cref="UserException">Something is missing, or no model has it.</exception>
    internal static (RecognizerSizes Sizes, string? Alphabet) From(IReadOnlyDictionary<string, string> metadata, string file)
    {
        try
        {
            var features = Filled(new FeatureRecipe());
            features.Check();
            var model = Filled(new ModelRecipe());
            model.Check();
            if (Value(TestChunkSize, typeof(int)) is not (int and >= 0 and var chunk))
                throw Foreign(TestChunkSize);
            return (new(features, model, chunk), metadata.GetValueOrDefault(Alphabet));
        }
        catch (RangeException e)
        {
            throw new UserException($"'{file}' says in its metadata that {e.Name} is '{e.Value}', and it must be {e.Range}.", e);
        }

        T Filled<T>(T record)
            where T : class
        {
            foreach (var setting in Setting.Of(typeof(T)))
                if (metadata.ContainsKey(setting.Key) || setting.Get(record) is not null)
                    setting.Set(record, Value(setting.Key, setting.Type));
            return record;
        }

        object Value(string key, Type type)
        {
            try
            {
                return SettingValue.Parse(type, metadata[key]);
            }
            catch (Exception e) when (e is KeyNotFoundException or FormatException)
            {
                throw Foreign(key);
            }
        }

        UserException Foreign(string key) => new($"'{file}' has no usable '{key}' in its metadata; only models that 'train' wrote can be read.");
    }
}
