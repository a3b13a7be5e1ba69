using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Shifts data along time, features or channels; what leaves at one end comes back at the other.</summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/augment/freq_domain.py, RandomShift</c>, which draws once a batch (<c>perBatch: true</c>) and turns padded
/// rows as a whole, so that padding comes to the front, and moves the lengths along (<c>rollPadding: true</c>). By default each example turns
/// within its valid part, and lengths stay.
/// </remarks>
public sealed class RandomShift : Augmentation<RandomShiftParameters>
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="minShift">Least shift in samples, frames, features or channels; negative ones go left.</param>
    /// <param name="maxShift">Greatest shift, drawn too.</param>
    /// <param name="dim">1: time; 2: features, or the channels of a waveform; 3: the channels of a spectrogram.</param>
    /// <param name="perBatch">Whether one draw holds for the whole batch.</param>
    /// <param name="rollPadding">
    /// SpeechBrain's: rows turn with their padding, and with <paramref name="dim"/> 1 lengths grow or shrink by the shift, within the row. An
    /// example in a batch then differs from the same alone.
    /// </param>
    /// <exception cref="ArgumentException">A least shift above the greatest, or another dimension.</exception>
    public RandomShift(long minShift = 0, long maxShift = 0, int dim = 1, bool perBatch = false, bool rollPadding = false)
        : base(nameof(RandomShift))
    {
        Require.Range(minShift, nameof(minShift), int.MinValue, int.MaxValue);
        Require.Range(maxShift, nameof(maxShift), minShift, int.MaxValue);
        Require.Range(dim, nameof(dim), 1, 3);
        (MinShift, MaxShift, Dim, PerBatch, RollPadding) = (minShift, maxShift, dim, perBatch, rollPadding);
    }

    /// <summary>Least shift.</summary>
    public long MinShift { get; }

    /// <summary>Greatest shift.</summary>
    public long MaxShift { get; }

    /// <summary>The dimension that is shifted.</summary>
    public int Dim { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <summary>Whether rows turn with their padding.</summary>
    public bool RollPadding { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => Dim switch
    {
        1 => AugmentationLayouts.Waveforms | AugmentationLayouts.Spectrograms,
        2 => AugmentationLayouts.BatchTimeChannels | AugmentationLayouts.Spectrograms,
        _ => AugmentationLayouts.BatchTimeFeaturesChannels,
    };

    /// <inheritdoc/>
    public override bool ChangesTime => RollPadding && Dim == 1;

    /// <inheritdoc/>
    protected override RandomShiftParameters Draw(Generator generator, BatchShape shape) =>
        new([.. Draws.Integers(generator, PerBatch ? 1 : shape.Batch, MinShift, MaxShift)]);

    /// <inheritdoc/>
    protected override BatchShape ShapeAfter(BatchShape shape, RandomShiftParameters parameters) => !ChangesTime
        ? shape
        : shape.WithTime(shape.Time, [.. shape.Lengths.Select((length, i) => Math.Clamp(length + parameters.Shift.At(i), 0, shape.Time))]);

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, RandomShiftParameters parameters)
    {
        RequireValues(parameters.Shift, nameof(parameters.Shift), batch.Shape);
        var shape = ShapeAfter(batch.Shape, parameters);
        bool whole = Dim > 1 || RollPadding || batch.Shape.IsFull;
        // One shift of whole rows needs no indices.
        if (parameters.Shift.Count == 1 && whole)
            return Shifted(batch.Data.roll(parameters.Shift[0], Dim));
        var shifts = tensor(parameters.Shift.ToArray(), ScalarType.Int64).to(batch.Data.device);
        return Shifted(Functional.RandomShift(batch.Data, shifts, whole ? null : batch.DeviceLengths, Dim));

        AugmentedBatch Shifted(Tensor data) => ChangesTime ? batch.With(data, shape.Lengths) : batch.With(data);
    }
}
