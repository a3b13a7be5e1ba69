using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Puts waveforms into rooms: another impulse response for each example, direct sound in its place, level kept.</summary>
/// <remarks>
/// After SpeechBrain 1.1.0, <c>speechbrain/augment/time_domain.py, AddReverb</c>, which draws one response a batch (<c>perBatch: true</c>) and whose
/// convolution is circular: the reverberation of the end is heard at the beginning. <c>circular: true</c> gives that, over the padded length; the
/// default is the linear convolution of real rooms, measured and cut at the example's own length.
/// <para>
/// The linear form is overlap-save: the signal is cut into overlapping blocks of <see cref="RirBank.Block"/> samples, whose spectra are multiplied by
/// the cached spectra of the responses. The first taps - 1 outputs of a block lack samples before it and are dropped.
/// </para>
/// </remarks>
public sealed class AddReverb : Augmentation<AddReverbParameters>
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="bank">The impulse responses, at the waveforms' rate; they belong to the augmentation from now on.</param>
    /// <param name="rescaleAmp">The amplitude that is kept; null: the result as it comes. SpeechBrain keeps the average.</param>
    /// <param name="circular">Whether what rings on after the end sounds at the beginning, as in SpeechBrain.</param>
    /// <param name="perBatch">Whether one draw holds for the whole batch.</param>
    /// <exception cref="ArgumentException">No bank, or an amplitude that is not one of the enumeration.</exception>
    public AddReverb(RirBank bank, AmplitudeType? rescaleAmp = AmplitudeType.Avg, bool circular = false, bool perBatch = false)
        : base(nameof(AddReverb))
    {
        ArgumentNullException.ThrowIfNull(bank);
        if (rescaleAmp is { } known)
            Require.Defined(known, nameof(rescaleAmp));
        Bank = bank;
        RescaleAmp = rescaleAmp;
        Circular = circular;
        PerBatch = perBatch;
        register_module("bank", bank);
    }

    /// <summary>The impulse responses.</summary>
    public RirBank Bank { get; }

    /// <summary>The amplitude that is kept.</summary>
    public AmplitudeType? RescaleAmp { get; }

    /// <summary>Whether the convolution is circular.</summary>
    public bool Circular { get; }

    /// <summary>Whether one draw holds for the whole batch.</summary>
    public bool PerBatch { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override AugmentationLayouts Layouts => AugmentationLayouts.Waveforms;

    /// <inheritdoc/>
    protected override AddReverbParameters Draw(Generator generator, BatchShape shape) =>
        new([.. Draws.Integers(generator, PerBatch ? 1 : shape.Batch, 0, Bank.Count - 1).Select(rir => (int)rir)]);

    /// <inheritdoc/>
    protected override AugmentedBatch Transform(AugmentedBatch batch, AddReverbParameters parameters)
    {
        RequireValues(parameters.Rir, nameof(parameters.Rir), batch.Shape);
        foreach (int rir in parameters.Rir)
            Require.Range(rir, nameof(parameters.Rir), 0, Bank.Count - 1);
        var x = batch.Silence(batch.Data).to(SignalArguments.Work(batch.Data.dtype));
        var chosen = Upload.Rows(x.device, [.. parameters.Rir.Select(rir => (double)rir)])[0].to(ScalarType.Int64);
        if (Circular)
        {
            var around = Functional.Reverberate(x, Bank.Responses(x.dtype, x.device).index_select(0, chosen), RescaleAmp, circular: true);
            return batch.With(batch.Silence(around).to(batch.Data.dtype));
        }
        var wet = batch.Silence(Convolve(x, Bank.Spectra(x.dtype, x.device).index_select(0, chosen).view_as_complex()));
        if (RescaleAmp is { } ampType)
            wet = wet * (Functional.ComputeAmplitude(x, null, ampType) / (Functional.ComputeAmplitude(wet, null, ampType) + 1e-14));
        return batch.With(wet.to(batch.Data.dtype).contiguous());
    }

    private Tensor Convolve(Tensor x, Tensor spectra)
    {
        long[] sizes = x.shape;
        long time = sizes[1], taps = Bank.Taps, block = Bank.Block, hop = block - taps + 1, blocks = (time + hop - 1) / hop;
        // Output t of the result is output t + direct of the convolution: the first that a block gives whole, number taps - 1, must be number direct.
        long before = taps - 1 - Bank.DirectSound;
        var channels = x.dim() == 3 ? x.transpose(1, 2) : x.unsqueeze(1);
        var padded = nn.functional.pad(channels, [before, (blocks - 1) * hop + block - before - time]);
        var convolved = fft.irfft(fft.rfft(padded.unfold(2, block, hop)).mul_(spectra.unsqueeze(1).unsqueeze(1)), block)
            .narrow(3, taps - 1, hop).reshape(sizes[0], -1, blocks * hop).narrow(2, 0, time);
        return x.dim() == 3 ? convolved.transpose(1, 2) : convolved.squeeze(1);
    }
}
