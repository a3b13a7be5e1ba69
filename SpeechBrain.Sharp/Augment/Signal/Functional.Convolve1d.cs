using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>Convolves waveforms with a kernel along time, with as many zeros on both sides as asked.</summary>
    /// <param name="waveform">Samples, [batch, time, channels].</param>
    /// <param name="kernel">[out channels, taps, channels / groups], in practice [1, taps, 1].</param>
    /// <param name="padding">Zeros at each end.</param>
    /// <param name="stride">Samples from one output to the next.</param>
    /// <param name="groups">Groups of channels, each with its own part of the kernel.</param>
    /// <returns>[batch, (time + 2 padding - taps) / stride + 1, out channels].</returns>
    /// <exception cref="ArgumentException">A shape, type, device or number does not fit.</exception>
    public static Tensor Convolve1d(Tensor waveform, Tensor kernel, long padding = 0, long stride = 1, long groups = 1) =>
        Convolve1d(waveform, kernel, (padding, padding), PaddingModes.Constant, stride, groups);

    /// <summary>
    /// Convolves waveforms with a kernel along time, directly or by FFT. <b>The two are not the same operation:</b> see the remarks.
    /// </summary>
    /// <param name="waveform">Samples, [batch, time, channels].</param>
    /// <param name="kernel">
    /// Directly: [out channels, taps, channels / groups]. By FFT: [1 or batch, taps, 1 or channels]; taps beyond the padded time are cut off.
    /// </param>
    /// <param name="padding">Samples added before and after the waveform.</param>
    /// <param name="padType">What is added: zeros, or a reflection, repetition or continuation of the waveform.</param>
    /// <param name="stride">Samples from one output to the next; 1 with FFT.</param>
    /// <param name="groups">Groups of channels, each with its own part of the kernel; 1 with FFT.</param>
    /// <param name="useFft">Whether to go through the frequency domain; worth it for hundreds of taps.</param>
    /// <param name="rotationIndex">With FFT, the tap that stands at delay 0; those before it wrap round to the end.</param>
    /// <returns>Directly [batch, (time + padding - taps) / stride + 1, out channels]; by FFT [batch, time + padding, channels].</returns>
    /// <exception cref="ArgumentException">A shape, type, device or number does not fit.</exception>
    /// <remarks>
    /// As SpeechBrain 1.1.0, speechbrain/processing/signal_processing.py, convolve1d. Directly it is a cross-correlation, like every
    /// convolution layer: y[t] = sum over k of x[t + k] h[k]. By FFT it is a circular convolution: y[t] = sum over k of x[t - k] h[k], with
    /// x taken as periodic; pad by taps - 1 at the left for a linear one. Gradients flow to both arguments.
    /// </remarks>
    public static Tensor Convolve1d(
        Tensor waveform, Tensor kernel, (long Left, long Right) padding, PaddingModes padType = PaddingModes.Constant,
        long stride = 1, long groups = 1, bool useFft = false, long rotationIndex = 0)
    {
        Require.Rank(waveform, nameof(waveform), "[batch, time, channels]", 3);
        Require.Floating(waveform, nameof(waveform));
        Require.Rank(kernel, nameof(kernel), "[out channels, taps, channels / groups]", 3);
        SignalArguments.Together(waveform, nameof(waveform), kernel, nameof(kernel));
        long[] shape = waveform.shape, taps = kernel.shape;
        if (shape[1] == 0 || shape[2] == 0)
            throw new ArgumentException($"waveform is {Require.Describe(waveform)}; it needs a sample and a channel.", nameof(waveform));
        if (taps.Contains(0))
            throw new ArgumentException($"kernel is {Require.Describe(kernel)}; none of its sizes may be 0.", nameof(kernel));
        CheckPadding(padding, padType, shape[1]);
        long time = shape[1] + padding.Left + padding.Right;
        if (useFft)
            CheckFft(shape, taps, stride, groups, rotationIndex, time);
        else
            CheckDirect(shape, taps, stride, groups, rotationIndex, time);

        // libtorch 1.13 can neither pad nor transform an empty batch.
        if (shape[0] == 0)
        {
            long[] none = useFft ? [0, time, shape[2]] : [0, (time - taps[1]) / stride + 1, taps[0]];
            return zeros(none, dtype: waveform.dtype, device: waveform.device);
        }

        using var scope = NewDisposeScope();
        var work = SignalArguments.Work(waveform.dtype);
        var x = waveform.to(work).transpose(2, 1);
        var h = kernel.to(work).transpose(2, 1);
        if (padding != (0, 0))
            x = nn.functional.pad(x, [padding.Left, padding.Right], padType);
        Tensor y;
        if (useFft)
        {
            if (taps[1] > time)
                h = h.narrow(2, 0, time);
            if (rotationIndex > 0)
                h = nn.functional.pad(h, [0, time - h.shape[2]]).roll(-rotationIndex, 2);
            y = CircularConvolution(x, h, time);
        }
        else
        {
            y = nn.functional.conv1d(x, h, stride: stride, groups: groups);
        }
        return y.transpose(2, 1).to(waveform.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Both along the last axis, with zeros up to <paramref name="period"/> samples.</summary>
    private static Tensor CircularConvolution(Tensor x, Tensor h, long period) =>
        fft.irfft(fft.rfft(x, period) * fft.rfft(h, period), period);

    private static void CheckPadding((long Left, long Right) padding, PaddingModes padType, long time)
    {
        if (padding.Left < 0 || padding.Right < 0)
            throw new ArgumentOutOfRangeException(nameof(padding), padding, "Padding must be 0 samples or more at each end.");
        long most = Math.Max(padding.Left, padding.Right);
        long limit = padType switch
        {
            PaddingModes.Constant or PaddingModes.Zeros or PaddingModes.Replicate => int.MaxValue,
            PaddingModes.Reflect => time - 1,
            PaddingModes.Circular => time,
            _ => throw new ArgumentOutOfRangeException(nameof(padType), padType, "Constant, Zeros, Reflect, Replicate or Circular."),
        };
        if (most > limit)
            throw new ArgumentOutOfRangeException(
                nameof(padding), padding, $"{padType} padding of {time} samples reaches at most {limit} at each end.");
    }

    private static void CheckFft(long[] shape, long[] taps, long stride, long groups, long rotationIndex, long time)
    {
        if (stride != 1)
            throw new ArgumentOutOfRangeException(nameof(stride), stride, "With FFT the stride must be 1; take every n-th sample afterwards.");
        if (groups != 1)
            throw new ArgumentOutOfRangeException(
                nameof(groups), groups, "With FFT groups must be 1; give the kernel one channel for each of the waveform.");
        if ((taps[0] != 1 && taps[0] != shape[0]) || (taps[2] != 1 && taps[2] != shape[2]))
            throw new ArgumentException(
                $"kernel has shape [{string.Join(", ", taps)}]; with FFT [1 or {shape[0]}, taps, 1 or {shape[2]}] is needed.",
                "kernel");
        if (rotationIndex < 0 || rotationIndex >= Math.Min(taps[1], time))
            throw new ArgumentOutOfRangeException(
                nameof(rotationIndex), rotationIndex, $"The index must be that of a tap that is used: 0 to {Math.Min(taps[1], time) - 1}.");
    }

    private static void CheckDirect(long[] shape, long[] taps, long stride, long groups, long rotationIndex, long time)
    {
        if (stride < 1)
            throw new ArgumentOutOfRangeException(nameof(stride), stride, "The stride must be 1 sample or more.");
        if (groups < 1 || taps[0] % groups != 0)
            throw new ArgumentOutOfRangeException(
                nameof(groups), groups, $"The groups must be 1 or more and divide the kernel's {taps[0]} output channels.");
        if (taps[2] * groups != shape[2])
            throw new ArgumentException(
                $"kernel has shape [{string.Join(", ", taps)}]; with groups {groups} it serves {taps[2] * groups} channels, and the waveform "
                + $"has {shape[2]}.",
                "kernel");
        if (rotationIndex != 0)
            throw new ArgumentOutOfRangeException(nameof(rotationIndex), rotationIndex, "Only with FFT can the kernel be rotated.");
        if (taps[1] > time)
            throw new ArgumentException(
                $"kernel has {taps[1]} taps and the padded waveform {time} samples; more padding or fewer taps are needed.", "kernel");
    }
}
