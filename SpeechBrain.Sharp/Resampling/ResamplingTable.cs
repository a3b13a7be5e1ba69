using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>The weights of a filter as one form of resampling wants them, and that form.</summary>
internal abstract class ResamplingTable : IDisposable
{
    // A dense row does o + 2 Width products for L that matter, but in one convolution without copies; the banded form does some 5 L and copies
    // input and output, forwards and backwards. On a CPU, forwards and backwards together, the convolution is ahead up to 640:441 (37 L).
    private const long DenseRowLimit = 40;

    /// <summary>Bytes it holds.</summary>
    internal abstract long Bytes { get; }

    /// <summary>
    /// Resamples <c>[batch, time]</c> or <c>[batch, time, channels]</c>, checked and not empty, of a type that is computed in the table's.
    /// </summary>
    internal abstract Tensor Apply(Tensor waveforms);

    /// <summary>The same table for another owner: it stays usable when this one is disposed of.</summary>
    internal abstract ResamplingTable Alias();

    public virtual void Dispose()
    {
    }

    /// <summary>The form that serves waveforms, by the rule of <see cref="ResamplingForm.Auto"/> or as forced.</summary>
    /// <exception cref="ArgumentException">The polyphase form was forced, and the waveforms lie on another device or need a gradient.</exception>
    internal static ResamplingForm Choose(ResamplingForm form, SincKernel kernel, Tensor waveforms)
    {
        bool gradient = waveforms.requires_grad && is_grad_enabled();
        bool inPlace = waveforms.device_type == DeviceType.CPU && !gradient;
        if (form == ResamplingForm.Polyphase && !inPlace)
            throw new ArgumentException(
                (gradient ? "waveforms require a gradient" : $"waveforms lie on {waveforms.device}") +
                "; the polyphase form serves CPU tensors without gradient. Use ResamplingForm.Auto, or no_grad() and cpu().", nameof(waveforms));
        if (form != ResamplingForm.Auto)
            return form;
        return inPlace ? ResamplingForm.Polyphase : PrefersDense(kernel) ? ResamplingForm.Conv1d : ResamplingForm.Banded;
    }

    /// <summary>Whether the convolution is the better of the two forms that serve every device and gradients.</summary>
    internal static bool PrefersDense(SincKernel kernel) => kernel.Taps <= DenseRowLimit * kernel.Reach;

    internal static ResamplingTable Make(SincKernel kernel, ResamplingForm form, ScalarType computed, Device device) => form switch
    {
        ResamplingForm.Conv1d => new DenseTable(kernel, kernel.Table(computed, device).DetachFromDisposeScope()),
        ResamplingForm.Banded => BandedTable.Make(kernel, computed, device),
        _ => PolyphaseTable.Make(kernel, computed),
    };

    /// <summary>Throws if a form's table would take more bytes than a limit.</summary>
    /// <exception cref="ArgumentException">
    /// It would; the message names both rates, the reduced ratio, the bytes and the nearest ratio that fits.
    /// </exception>
    internal static void RequireBytes(SincKernel kernel, ResamplingForm form, ScalarType dtype, long limit, long origFreq, long newFreq)
    {
        var bytes = BytesOf(kernel);
        if (bytes <= limit)
            return;
        string table = form == ResamplingForm.Conv1d
            ? $"dense kernel of {kernel.Ratio.New} x {kernel.Taps} {dtype} values"
            : $"{form} table in {dtype}";
        string otherForm = form == ResamplingForm.Conv1d ? " (the other forms need far less: ResamplingForm.Auto)" : "";
        string advice = kernel.Ratio.TryNearest(r => BytesOf(kernel.At(r)) <= limit, out var nearest)
            ? $"The nearest ratio that fits is {nearest}, off by " +
                kernel.Ratio.RelativeError(nearest).ToString("0.0e+0", CultureInfo.InvariantCulture) +
                $" of the rate: ask for it (origFreq: {nearest.Orig}, newFreq: {nearest.New})"
            : "No ratio near it fits: ask for other rates";
        throw new ArgumentException(
            $"Resampling {origFreq} Hz to {newFreq} Hz reduces to {kernel.Ratio}, whose {table} takes {bytes} bytes; " +
            $"at most {limit} bytes are allowed{otherForm}. {advice}, or raise maxKernelBytes.");

        Int128 BytesOf(SincKernel k) => form switch
        {
            ResamplingForm.Conv1d => k.TableBytes(dtype),
            ResamplingForm.Banded => BandedTable.BytesOf(k, dtype),
            _ => PolyphaseTable.BytesOf(k, dtype),
        };
    }

    /// <summary>
    /// Resamples by a form that takes rows <c>[rows, time]</c> of the type that it computes in: channels are signals of their own, and join the
    /// rows.
    /// </summary>
    private protected static Tensor ByRows(Tensor waveforms, Func<Tensor, Tensor> rows)
    {
        using var scope = NewDisposeScope();
        long[] shape = waveforms.shape;
        bool channels = shape.Length == 3;
        var signals = channels ? waveforms.transpose(1, 2).reshape(-1, shape[1]) : waveforms;
        var computed = Functional.ComputedIn(waveforms.dtype);
        if (signals.dtype != computed)
            signals = signals.to_type(computed);
        var result = rows(signals);
        if (channels)
            result = result.reshape(shape[0], shape[2], -1).transpose(1, 2);
        if (result.dtype != waveforms.dtype)
            result = result.to_type(waveforms.dtype);
        return result.MoveToOuterDisposeScope();
    }
}
