using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Writes a <see cref="ValueList{T}"/> as an array and reads it back.</summary>
internal sealed class ValueListJsonConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ValueList<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Of<T> : JsonConverter<ValueList<T>>
    {
        public override ValueList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            T[] values = JsonSerializer.Deserialize<T[]>(ref reader, options) ?? throw new JsonException("a list is null");
            return values.Any(value => value is null) ? throw new JsonException("a list holds null") : new(values);
        }

        public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.ToArray(), options);
    }
}
