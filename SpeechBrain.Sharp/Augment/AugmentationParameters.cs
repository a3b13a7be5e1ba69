using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// One draw of an augmentation for one batch: all that is needed to repeat it. Immutable; equal draws are equal records; as JSON it can be kept
/// beside what it made and replayed exactly.
/// </summary>
/// <remarks>
/// Lists (<see cref="ValueList{T}"/>) hold one value for the whole batch or one for each example. A record is read back by the augmentation it
/// belongs to, <see cref="Augmentation.ParametersFromJson"/>, so nobody needs a table of all records.
/// <code>
/// var parameters = drop.Sample(generator, batch);
/// File.WriteAllText("draw.json", parameters.ToJson());
/// var again = drop.Apply(batch, drop.ParametersFromJson(File.ReadAllText("draw.json")));   // the same samples
/// </code>
/// </remarks>
public abstract record AugmentationParameters
{
    /// <summary>How records are written and read: names in camel case, nothing missing, nothing unknown, enumerations by name.</summary>
    internal static JsonSerializerOptions JsonOptions { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>
    /// The draw of one example alone: applied to a batch of that example, without its padding, it gives what it gave in the batch.
    /// </summary>
    /// <param name="example">The example's place in the batch; where a draw is for the whole batch it does not matter.</param>
    /// <exception cref="ArgumentOutOfRangeException">The draw has no such example.</exception>
    /// <exception cref="InvalidOperationException">The augmentation mixes examples (<see cref="Augmentation.MixesExamples"/>).</exception>
    public abstract AugmentationParameters ForExample(int example);

    /// <summary>The draw as one line of JSON; numbers come back bit for bit.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GetType(), JsonOptions);
}
