using SpeechBrain.Sharp.Resampling;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Changes the speed of waveforms (and with it their pitch) by resampling them: a speed drawn from a list for each example, or one for the
/// whole batch.
/// </summary>
/// <remarks>
/// <para>
/// T. Ko, V. Peddinti, D. Povey, S. Khudanpur, "Audio augmentation for speech recognition", Interspeech 2015; SpeechBrain 1.1.0,
/// <c>speechbrain/augment/time_domain.py, SpeedPerturb</c>.
/// </para>
/// <para>
/// By default the ratio is exactly <c>speed:100</c> (95 % is 19:20). SpeechBrain rounds the new rate to whole Hz first: 16000 becomes 16842, which
/// reduces only to 8000:8421, for a speed that is off by 6e-6. <c>roundedRates: true</c> gives SpeechBrain's rates. SpeechBrain draws one
/// speed a batch: <c>Sample(generator)</c>.
/// </para>
/// <para>
/// A batch of mixed speeds costs what its samples cost: on the CPU without gradient each example is resampled in place into its row of the
/// result; elsewhere the examples of each speed are resampled together.
/// </para>
/// <code>
/// using var perturb = new SpeedPerturb(16000, [95, 100, 105]);
/// var parameters = perturb.Sample(generator, waves.shape[0]);                       // SpeedPerturbParameters { Speeds = 95, 105, 100, 95 }
/// var (slower, lengths, relative) = perturb.Apply(waves, waveLengths, parameters);  // [batch, the longest of ceil(length * 100 / speed)]
/// </code>
/// </remarks>
public sealed class SpeedPerturb : Augmentation<SpeedPerturbParameters>
{
    private readonly Dictionary<int, Resample> resamplers = [];

    /// <summary>Makes a perturbation and a resampler for each of its speeds.</summary>
    /// <param name="origFreq">Rate of the waveforms in Hz, at least 1; it matters only with <paramref name="roundedRates"/>.</param>
    /// <param name="speeds">Speeds in percent, each at least 1; null: 90, 100, 110. A speed listed twice is drawn twice as often.</param>
    /// <param name="roundedRates">SpeechBrain's rates: <c>round(origFreq * 100 / speed)</c> Hz, halves to even.</param>
    /// <param name="maxKernelBytes">The largest table of one speed, in bytes; see <see cref="Resample"/>.</param>
    /// <param name="device">Where the kernels are made; null: the CPU. Waveforms must lie there too.</param>
    /// <exception cref="ArgumentException">No speeds, a speed or rate below 1, or a ratio whose table passes the limit.</exception>
    public SpeedPerturb(
        long origFreq, IReadOnlyList<int>? speeds = null, bool roundedRates = false,
        long maxKernelBytes = Resample.DefaultMaxKernelBytes, Device? device = null)
        : base(nameof(SpeedPerturb))
    {
        Require.Range(origFreq, nameof(origFreq), 1);
        Speeds = [.. speeds ?? [90, 100, 110]];
        if (Speeds.Count == 0)
            throw new ArgumentException("speeds is empty; give at least one speed in percent, for example [95, 100, 105].", nameof(speeds));
        OrigFreq = origFreq;
        RoundedRates = roundedRates;
        foreach (int speed in Speeds.Distinct())
        {
            if (speed < 1)
                throw new ArgumentOutOfRangeException(nameof(speeds), speed,
                    "A speed is a percentage and must be at least 1; 100 leaves waveforms as they are.");
            var resampler = roundedRates
                ? new Resample(origFreq, RoundedRate(origFreq, speed), maxKernelBytes: maxKernelBytes, device: device)
                : new Resample(speed, 100, maxKernelBytes: maxKernelBytes, device: device);
            resamplers.Add(speed, resampler);
            register_module($"speed_{speed}", resampler);
        }
    }

    /// <summary>Rate of the waveforms in Hz.</summary>
    public long OrigFreq { get; }

    /// <summary>The speeds in percent that are drawn from.</summary>
    public IReadOnlyList<int> Speeds { get; }

    /// <summary>Whether the new rates are rounded to whole Hz, as in SpeechBrain.</summary>
    public bool RoundedRates { get; }

    /// <summary>The resampler of each speed; they belong to the perturbation.</summary>
    public IReadOnlyDictionary<int, Resample> Resamplers => resamplers;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms;

    /// <inheritdoc/>
    public override bool ChangesTime => true;

    /// <summary>Draws one speed for a whole batch.</summary>
    /// <param name="generator">A CPU generator; one integer is drawn from it, as SpeechBrain draws it from torch's own.</param>
    /// <exception cref="ArgumentException">The generator belongs to another device.</exception>
    public SpeedPerturbParameters Sample(Generator generator) => Sample(generator, 1);

    /// <summary>Draws a speed for each example.</summary>
    /// <param name="generator">A CPU generator; one integer an example is drawn from it.</param>
    /// <param name="batch">Examples, at least 1.</param>
    /// <exception cref="ArgumentException">The generator belongs to another device, or a batch below 1.</exception>
    public SpeedPerturbParameters Sample(Generator generator, long batch)
    {
        Require.CpuGenerator(generator, nameof(generator));
        Require.Range(batch, nameof(batch), 1, int.MaxValue);
        using var scope = NewDisposeScope();
        long[] draws = randint(Speeds.Count, [batch], ScalarType.Int64, CPU, generator: generator).data<long>().ToArray();
        return new SpeedPerturbParameters([.. draws.Select(draw => Speeds[(int)draw])]);
    }

    /// <summary>Changes the speed of waveforms that fill their rows.</summary>
    /// <param name="waveforms"><c>[batch, time]</c> or <c>[batch, time, channels]</c>, float32, float64, bfloat16 or float16.</param>
    /// <param name="parameters">A draw of <see cref="Sample(Generator, long)"/>, or one made by hand.</param>
    /// <returns>
    /// <c>[batch, T']</c> or <c>[batch, T', channels]</c> with T' that of the slowest example, zeros after the end of the others; an alias of the
    /// input where every speed is 100.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// A speed that is not one of <see cref="Speeds"/>, another count of speeds than 1 or the batch, or waveforms of a wrong rank, type or device.
    /// </exception>
    public Tensor Apply(Tensor waveforms, SpeedPerturbParameters parameters)
    {
        RequireFit(waveforms, parameters);
        if (parameters.Speeds.Count == 1)
            return Resampler(parameters.Speeds[0]).call(waveforms);
        using var scope = NewDisposeScope();
        long[] shape = waveforms.shape;
        long[] lengths = new long[shape[0]];
        Array.Fill(lengths, shape[1]);
        long[] changed = [.. parameters.Speeds.Select(speed => Resampler(speed).OutputLength(shape[1]))];
        return Perturb(waveforms, lengths, changed, changed.Max(), parameters).MoveToOuterDisposeScope();
    }

    /// <summary>Changes the speed of waveforms of different lengths.</summary>
    /// <param name="waveforms">
    /// <c>[batch, time]</c> or <c>[batch, time, channels]</c>; what lies after an example's length has no part in the result.
    /// </param>
    /// <param name="lengths">Samples of each example, 0 to time.</param>
    /// <param name="parameters">The draw.</param>
    /// <returns>Waveforms as long as the longest example becomes, zeros after the end of the others, and the new lengths.</returns>
    /// <exception cref="ArgumentException">As above, or lengths that do not fit the waveforms.</exception>
    public SpeedPerturbed Apply(Tensor waveforms, IReadOnlyList<long> lengths, SpeedPerturbParameters parameters)
    {
        RequireFit(waveforms, parameters);
        ArgumentNullException.ThrowIfNull(lengths);
        long[] shape = waveforms.shape;
        if (lengths.Count != shape[0])
            throw new ArgumentException($"lengths has {lengths.Count} values for a batch of {shape[0]}; give one for each example.", nameof(lengths));
        long[] changed = new long[lengths.Count];
        for (int i = 0; i < changed.Length; i++)
        {
            Require.Range(lengths[i], $"lengths[{i}]", 0, shape[1]);
            changed[i] = Resampler(parameters.SpeedOf(i)).OutputLength(lengths[i]);
        }
        using var scope = NewDisposeScope();
        long longest = changed.Length == 0 ? 0 : changed.Max();
        var result = Perturb(waveforms, lengths, changed, longest, parameters);
        var relative = tensor(changed.Select(length => (float)length / Math.Max(1, longest)).ToArray()).to(waveforms.device);
        return new SpeedPerturbed(result.MoveToOuterDisposeScope(), changed, relative.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The number of samples that <paramref name="length"/> samples of an example become: <c>ceil(length * 100 / speed)</c>, exactly.
    /// </summary>
    /// <param name="length">Samples of one waveform, at least 0.</param>
    /// <param name="parameters">The draw.</param>
    /// <param name="example">The waveform's place in the batch; it matters only where each example has its own speed.</param>
    public long OutputLength(long length, SpeedPerturbParameters parameters, long example = 0)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Require.Range(example, nameof(example), 0, parameters.Speeds.Count == 1 ? long.MaxValue : parameters.Speeds.Count - 1);
        return Resampler(parameters.SpeedOf(example)).OutputLength(length);
    }

    /// <inheritdoc/>
    protected override SpeedPerturbParameters Draw(Generator generator, BatchShape shape) => Sample(generator, shape.Batch);

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, SpeedPerturbParameters parameters)
    {
        RequireFit(batch.Data, parameters);
        var shape = ShapeAfter(batch.Shape, parameters);
        return batch.With(Perturb(batch.Data, batch.Lengths, [.. shape.Lengths], shape.Time, parameters), shape.Lengths);
    }

    /// <inheritdoc/>
    protected override BatchShape ShapeAfter(BatchShape shape, SpeedPerturbParameters parameters)
    {
        long[] changed = [.. shape.Lengths.Select((length, i) => OutputLength(length, parameters, i))];
        return shape.WithTime(Math.Max(1, changed.Max()), [.. changed]);
    }

    private Tensor Perturb(Tensor waveforms, IReadOnlyList<long> lengths, long[] changed, long longest, SpeedPerturbParameters parameters)
    {
        long[] shape = waveforms.shape;
        long time = shape[1];
        var groups = Enumerable.Range(0, changed.Length).GroupBy(i => parameters.SpeedOf(i)).ToArray();
        if (groups.All(group => Resampler(group.Key).Kernel.Ratio.IsIdentity) && lengths.All(length => length == time))
            return waveforms.alias();
        shape[1] = longest;
        if (waveforms.numel() == 0 || longest == 0)
            return zeros(shape, waveforms.dtype, waveforms.device);
        return waveforms.device_type == DeviceType.CPU && !(waveforms.requires_grad && is_grad_enabled())
            ? InPlace(waveforms, lengths, changed, shape, groups)
            : BySpeed(waveforms, lengths, changed, longest, groups);
    }

    // Each example straight from its row into its row of the result.
    private Tensor InPlace(Tensor waveforms, IReadOnlyList<long> lengths, long[] changed, long[] shape, IGrouping<int, int>[] groups)
    {
        var result = empty(shape, waveforms.dtype, CPU);
        // What lies behind the shortest example is zeroed at once, before the longer ones are written over it.
        long shortest = changed.Min();
        result.narrow(1, shortest, shape[1] - shortest).zero_();
        foreach (var group in groups)
        {
            var resampler = Resampler(group.Key);
            if (resampler.Kernel.Ratio.IsIdentity)
            {
                foreach (int i in group)
                    Row(result, i, 0, changed[i]).copy_(Row(waveforms, i, 0, changed[i]));
                continue;
            }
            var members = group.ToHashSet();
            using var table = (PolyphaseTable)resampler.TableFor(ResamplingForm.Polyphase, Functional.ComputedIn(waveforms.dtype), CPU);
            PolyphaseResampler.Into(waveforms, result, table, item => members.Contains((int)item) ? (lengths[(int)item], changed[item]) : (0, 0));
        }
        return result;

        static Tensor Row(Tensor batch, long item, long from, long to) => batch.narrow(0, item, 1).narrow(1, from, to - from);
    }

    // The examples of each speed together, by tensor operations.
    private Tensor BySpeed(Tensor waveforms, IReadOnlyList<long> lengths, long[] changed, long longest, IGrouping<int, int>[] groups)
    {
        int[] order = [.. groups.SelectMany(group => group)];
        Tensor? plan = null;
        var parts = new List<Tensor>();
        int start = 0;
        foreach (var group in groups)
        {
            int count = group.Count();
            var part = groups.Length == 1 ? waveforms : waveforms.index_select(0, Planned(Plan.Order, start, count));
            part = Silence(part, Plan.Before);
            part = Resampler(group.Key).call(part);
            if (part.shape[1] > longest)
                part = part.narrow(1, 0, longest);
            part = Silence(part, Plan.After);
            long missing = longest - part.shape[1];
            if (missing > 0)
                part = nn.functional.pad(part, part.dim() == 3 ? [0, 0, 0, missing] : [0, missing]);
            parts.Add(part);
            start += count;

            // Zeros after each example's end; nothing to do where all fill their rows.
            Tensor Silence(Tensor rows, Plan ends)
            {
                long width = rows.shape[1];
                if (group.All(i => (ends == Plan.Before ? lengths[i] : changed[i]) >= width))
                    return rows;
                var beyond = arange(width, ScalarType.Int64, rows.device).unsqueeze(0) >= Planned(ends, start, count).unsqueeze(1);
                return rows.masked_fill(rows.dim() == 3 ? beyond.unsqueeze(2) : beyond, 0);
            }
        }
        return groups.Length == 1 ? parts[0] : cat(parts, 0).index_select(0, Planned(Plan.Place, 0, order.Length));

        Tensor Planned(Plan what, int from, int count)
        {
            plan ??= Uploaded();
            return plan.select(0, (long)what).narrow(0, from, count);
        }

        // All numbers in one copy to the device.
        Tensor Uploaded()
        {
            int batch = order.Length;
            var values = new long[4 * batch];
            for (int i = 0; i < batch; i++)
            {
                int item = order[i];
                values[(int)Plan.Order * batch + i] = item;
                values[(int)Plan.Place * batch + item] = i;
                values[(int)Plan.Before * batch + i] = lengths[item];
                values[(int)Plan.After * batch + i] = changed[item];
            }
            return tensor(values, [4, batch], ScalarType.Int64).to(waveforms.device);
        }
    }

    // Rows of what BySpeed brings to the device: the examples speed by speed, where each went, and their lengths before and after.
    private enum Plan
    {
        Order,
        Place,
        Before,
        After,
    }

    private void RequireFit(Tensor waveforms, SpeedPerturbParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Functional.RequireWaveforms(waveforms);
        foreach (int speed in parameters.Speeds)
            Resampler(speed);
        if (parameters.Speeds.Count != 1 && parameters.Speeds.Count != waveforms.shape[0])
            throw new ArgumentException(
                $"parameters holds {parameters.Speeds.Count} speeds for a batch of {waveforms.shape[0]}; it must hold 1, or one for each example.",
                nameof(parameters));
    }

    private Resample Resampler(int speed) => resamplers.TryGetValue(speed, out var resampler)
        ? resampler
        : throw new ArgumentException($"Speed {speed} is not one of this perturbation's speeds: {string.Join(", ", Speeds)}.", "parameters");

    private static long RoundedRate(long origFreq, int speed)
    {
        // Halves to even in integers: the quotient in floating point could round a near-half the wrong way.
        (long quotient, long remainder) = Math.DivRem(checked(origFreq * 100), speed);
        int half = (remainder * 2).CompareTo(speed);
        return quotient + (half > 0 || (half == 0 && quotient % 2 == 1) ? 1 : 0);
    }
}
