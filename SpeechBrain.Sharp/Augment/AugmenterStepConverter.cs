using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Writes a step with the draw in it, of whatever type; and reads it, where the augmentations are known, each draw by the augmentation that it
/// belongs to.
/// </summary>
/// <param name="augmentations">The augmenter's; null: only to write.</param>
internal sealed class AugmenterStepConverter(IReadOnlyList<Augmentation>? augmentations) : JsonConverter<AugmenterStep>
{
    private const string Index = "augmentation", Name = "name", Parameters = "parameters";

    public AugmenterStepConverter()
        : this(null)
    {
    }

    public override AugmenterStep Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (augmentations is null)
            throw new JsonException("a step is read by its augmenter: Augmenter.ParametersFromJson");
        using var step = JsonDocument.ParseValue(ref reader);
        var root = step.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal).SequenceEqual([Index, Name, Parameters])
            || root.GetProperty(Index).ValueKind != JsonValueKind.Number || !root.GetProperty(Index).TryGetInt32(out int index)
            || root.GetProperty(Name).ValueKind != JsonValueKind.String)
            throw new JsonException($"a step is an object of {Index} (a number), {Name} (text) and {Parameters}");
        string name = root.GetProperty(Name).GetString()!;
        string here = index >= 0 && index < augmentations.Count ? augmentations[index].Name : "not there";
        if (here != name)
            throw new JsonException($"augmentation {index} is {name} in the draw and {here} here");
        try
        {
            return new AugmenterStep(index, name, augmentations[index].ParametersFromJson(root.GetProperty(Parameters).GetRawText()));
        }
        catch (ArgumentException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, AugmenterStep value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Index, value.Augmentation);
        writer.WriteString(Name, value.Name);
        writer.WritePropertyName(Parameters);
        writer.WriteRawValue(value.Parameters.ToJson());
        writer.WriteEndObject();
    }
}
