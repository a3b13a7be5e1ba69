using SpeechBrain.Sharp.Augment.Signal;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Puts waveforms into a room: convolves them with an impulse response whose direct sound (its largest absolute value) is moved to
    /// delay 0, so that the speech keeps its place, and gives them their loudness back.
    /// </summary>
    /// <param name="waveforms">Samples, [time], [batch, time] or [batch, time, channels].</param>
    /// <param name="rirWaveform">
    /// Impulse response(s), [time] or [1 or batch, time] or [1 or batch, time, 1 or channels], at the sample rate of the waveforms. The
    /// direct sound is sought per item; channels of one item are moved together.
    /// </param>
    /// <param name="rescaleAmp">The amplitude, over the whole time axis, that stays as it was; null leaves the result as it comes.</param>
    /// <param name="circular">
    /// True for SpeechBrain's circular convolution: what rings on after the end of the signal sounds at its beginning, and a response
    /// longer than the signal is cut. False, the default, for the linear one of real rooms, cut to the signal's length.
    /// </param>
    /// <returns>The shape and type of <paramref name="waveforms"/>. Gradients flow to both arguments.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    /// <remarks>
    /// After SpeechBrain 1.1.0, speechbrain/processing/signal_processing.py, reverberate; what it does exactly is <paramref name="circular"/>.
    /// </remarks>
    public static Tensor Reverberate(Tensor waveforms, Tensor rirWaveform, AmplitudeType? rescaleAmp = AmplitudeType.Avg, bool circular = false)
    {
        SignalArguments.Waveforms(waveforms, nameof(waveforms));
        SignalArguments.Waveforms(rirWaveform, nameof(rirWaveform));
        SignalArguments.Together(waveforms, nameof(waveforms), rirWaveform, nameof(rirWaveform));
        using var scope = NewDisposeScope();
        var work = SignalArguments.Work(waveforms.dtype);
        var x = BatchTimeChannels(waveforms.to(work));
        var rir = BatchTimeChannels(rirWaveform.to(work));
        long[] shape = x.shape, rirShape = rir.shape;
        if ((rirShape[0] != 1 && rirShape[0] != shape[0]) || (rirShape[2] != 1 && rirShape[2] != shape[2]))
            throw new ArgumentException(
                $"rirWaveform is {Require.Describe(rirWaveform)}; for waveforms of [{string.Join(", ", waveforms.shape)}] it must be "
                + $"[1 or {shape[0]}, time, 1 or {shape[2]}].", nameof(rirWaveform));

        if (waveforms.numel() == 0)
            return waveforms.clone().MoveToOuterDisposeScope();

        long time = shape[1], taps = rirShape[1];
        // The index of the direct sound stays on the device: no waiting for it.
        var direct = rir.detach().abs().amax([2], keepdim: true).argmax(1, keepdim: true);
        if (circular && taps > time)
        {
            rir = rir.narrow(1, 0, time);
            direct = direct * direct.lt(time);
        }
        // Beyond time + taps - 1 samples a period has room for the whole linear result: nothing comes round.
        long period = circular ? time : FastPeriod(time + taps - 1);
        var rotated = RotateLeft(nn.functional.pad(rir.transpose(2, 1), [0, period - rir.shape[1]]), direct);
        var wet = CircularConvolution(x.transpose(2, 1), rotated, period).narrow(2, 0, time).transpose(2, 1);
        if (rescaleAmp is { } ampType)
            wet = Rescale(wet, null, ComputeAmplitude(x, null, ampType), ampType);
        return wet.reshape(waveforms.shape).to(waveforms.dtype).MoveToOuterDisposeScope();
    }

    private static Tensor BatchTimeChannels(Tensor x) => x.dim() switch
    {
        1 => x.reshape(1, -1, 1),
        2 => x.unsqueeze(-1),
        _ => x,
    };

    /// <summary>Rotates [batch, channels, time] along time so that sample shift[batch, 1, 1] comes to the front.</summary>
    private static Tensor RotateLeft(Tensor x, Tensor shift)
    {
        long[] shape = x.shape;
        var index = arange(shape[2], dtype: ScalarType.Int64, device: x.device).add(shift).remainder(shape[2]);
        return x.gather(2, index.expand(shape[0], shape[1], shape[2]));
    }

    /// <summary>The next length without prime factors above 5, for which FFTs are fast.</summary>
    internal static long FastPeriod(long least)
    {
        for (long n = least; ; n++)
        {
            long rest = n;
            foreach (int factor in (int[])[2, 3, 5])
                while (rest % factor == 0)
                    rest /= factor;
            if (rest == 1)
                return n;
        }
    }
}
