using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>An augmentation with its type of record: define <see cref="Draw"/> and <see cref="Transform"/>.</summary>
/// <typeparam name="TParameters">The record of one draw.</typeparam>
/// <param name="name">The augmentation's name.</param>
public abstract class Augmentation<TParameters>(string name) : Augmentation(name)
    where TParameters : AugmentationParameters
{
    /// <inheritdoc/>
    public sealed override TParameters Sample(Generator generator, BatchShape shape)
    {
        Require.CpuGenerator(generator, nameof(generator));
        RequireLayout(shape, nameof(shape));
        return Draw(generator, shape);
    }

    /// <inheritdoc cref="Augmentation.Sample(Generator, AugmentedBatch)"/>
    public new TParameters Sample(Generator generator, AugmentedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Sample(generator, batch.Shape);
    }

    /// <inheritdoc cref="Augmentation.Apply(AugmentedBatch, AugmentationParameters)"/>
    public AugmentedBatch Apply(AugmentedBatch batch, TParameters parameters) => call(batch, parameters);

    /// <inheritdoc/>
    public sealed override AugmentedBatch forward(AugmentedBatch batch, AugmentationParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(parameters);
        RequireLayout(batch.Shape, nameof(batch));
        using var scope = NewDisposeScope();
        return Transform(batch, Typed(parameters)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public sealed override BatchShape OutputShape(BatchShape shape, AugmentationParameters parameters)
    {
        RequireLayout(shape, nameof(shape));
        ArgumentNullException.ThrowIfNull(parameters);
        return ShapeAfter(shape, Typed(parameters));
    }

    /// <inheritdoc/>
    public sealed override TParameters ParametersFromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize<TParameters>(json, ParametersJson)
                ?? throw new ArgumentException($"The text is null; a draw of {Name} is an object.", nameof(json));
        }
        // The second: noise of no kind.
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new ArgumentException($"The text is not a draw of {Name} ({typeof(TParameters).Name}): {e.Message}", nameof(json), e);
        }
    }

    /// <summary>How draws are read; other than all others only where draws are in the draw.</summary>
    private protected virtual JsonSerializerOptions ParametersJson => AugmentationParameters.JsonOptions;

    /// <summary>Draws parameters; generator and shape are checked.</summary>
    protected abstract TParameters Draw(Generator generator, BatchShape shape);

    /// <summary>
    /// Applies a draw; the layout is checked. It runs in a dispose scope of its own, from which the result is taken: <c>batch.With(data)</c>.
    /// </summary>
    protected abstract AugmentedBatch Transform(AugmentedBatch batch, TParameters parameters);

    /// <summary>The shape of the result; the batch's own, where time does not change.</summary>
    protected virtual BatchShape ShapeAfter(BatchShape shape, TParameters parameters) => shape;

    /// <summary>Refuses a list that holds neither one value for the batch nor one for each example.</summary>
    private protected static void RequireValues<T>(ValueList<T> values, string name, BatchShape shape)
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (values.Count != 1 && values.Count != shape.Batch)
            throw new ArgumentException(
                $"{name} holds {values.Count} values for a batch of {shape.Batch}; it must hold 1, or one for each example.", "parameters");
    }

    private TParameters Typed(AugmentationParameters parameters) => parameters as TParameters
        ?? throw new ArgumentException(
            $"parameters is a {parameters.GetType().Name}; {Name} takes its own draws, {typeof(TParameters).Name}.", nameof(parameters));
}
