using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// A random change of a batch, in two steps: <see cref="Sample(Generator, BatchShape)"/> draws an immutable record of parameters,
/// <see cref="Apply(AugmentedBatch, AugmentationParameters)"/> is a pure function of batch and record.
/// </summary>
/// <remarks>
/// <para>What every augmentation keeps to (and one test, run over all of them, shows):</para>
/// <list type="bullet">
/// <item>parameters come from a generator that the caller gives, on the CPU; they are drawn for each example by default;</item>
/// <item>applying never writes into the batch, keeps its type, device and kind of shape, and returns the lengths; it may return an alias where
/// nothing changes;</item>
/// <item>what lies behind an example's length has no part in its samples, and padding of zeros stays zeros;</item>
/// <item>nothing waits for the device, parameters go to it in one copy, and the number of operators does not grow with the batch;</item>
/// <item>large noise is generated on the device from a seed in the record: it repeats on the same kind of device.</item>
/// </list>
/// </remarks>
public abstract class Augmentation : nn.Module<AugmentedBatch, AugmentationParameters, AugmentedBatch>
{
    /// <summary>Names the augmentation.</summary>
    /// <param name="name">Its name for people.</param>
    private protected Augmentation(string name)
        : base(name)
    {
        Name = name;
    }

    /// <summary>The augmentation's name, SpeechBrain's where it has one.</summary>
    public string Name { get; }

    /// <summary>Whether gradients with respect to the data are those of the function that is computed.</summary>
    public abstract bool IsDifferentiable { get; }

    /// <summary>The shapes that are taken.</summary>
    public abstract AugmentationLayouts Layouts { get; }

    /// <summary>Whether the result may have another time or other lengths.</summary>
    public virtual bool ChangesTime => false;

    /// <summary>Whether an example's result depends on other examples of the batch.</summary>
    public virtual bool MixesExamples => false;

    /// <summary>Draws parameters for a batch.</summary>
    /// <param name="generator">A CPU generator; its state advances.</param>
    /// <param name="shape">Sizes and lengths of the batch.</param>
    /// <returns>The draw.</returns>
    /// <exception cref="ArgumentException">The generator belongs to another device, or the shape is not one of <see cref="Layouts"/>.</exception>
    public abstract AugmentationParameters Sample(Generator generator, BatchShape shape);

    /// <summary>Draws parameters for a batch.</summary>
    /// <param name="generator">A CPU generator; its state advances.</param>
    /// <param name="batch">The batch; only its sizes and lengths matter.</param>
    /// <returns>The draw.</returns>
    /// <exception cref="ArgumentException">The generator belongs to another device, or the shape is not one of <see cref="Layouts"/>.</exception>
    public AugmentationParameters Sample(Generator generator, AugmentedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Sample(generator, batch.Shape);
    }

    /// <summary>Applies a draw. The same as <c>call</c>.</summary>
    /// <param name="batch">The batch; it is not changed.</param>
    /// <param name="parameters">A draw of this augmentation, for as many examples or for a whole batch.</param>
    /// <returns>A new batch.</returns>
    /// <exception cref="ArgumentException">A shape that is not one of <see cref="Layouts"/>, or parameters that do not fit.</exception>
    public AugmentedBatch Apply(AugmentedBatch batch, AugmentationParameters parameters) => call(batch, parameters);

    /// <summary>The shape of the result.</summary>
    /// <param name="shape">Sizes and lengths of a batch.</param>
    /// <param name="parameters">A draw for it.</param>
    /// <returns>Sizes and lengths after <see cref="Apply(AugmentedBatch, AugmentationParameters)"/>.</returns>
    public virtual BatchShape OutputShape(BatchShape shape, AugmentationParameters parameters) => shape;

    /// <summary>Reads a draw of this augmentation.</summary>
    /// <param name="json">What <see cref="AugmentationParameters.ToJson"/> wrote.</param>
    /// <returns>A record equal to the one that was written.</returns>
    /// <exception cref="ArgumentException">The text is not a draw of this augmentation; the message says where.</exception>
    public abstract AugmentationParameters ParametersFromJson(string json);

    /// <summary>Refuses a shape that is not one of <see cref="Layouts"/>.</summary>
    private protected void RequireLayout(BatchShape shape, string name)
    {
        ArgumentNullException.ThrowIfNull(shape, name);
        var wanted = shape.Sizes.Count switch
        {
            2 => AugmentationLayouts.BatchTime,
            3 => AugmentationLayouts.BatchTimeChannels | AugmentationLayouts.BatchTimeFeatures,
            _ => AugmentationLayouts.BatchTimeFeaturesChannels,
        };
        if ((Layouts & wanted) == 0)
            throw new ArgumentException(
                Layouts == 0
                    ? $"{name} is {shape.Sizes}; no shape is for all augmentations of {Name}. Make one for waveforms and one for spectrograms."
                    : $"{name} is {shape.Sizes}; {Name} takes {Layouts}.", name);
    }
}
