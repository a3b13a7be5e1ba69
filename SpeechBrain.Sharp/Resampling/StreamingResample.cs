using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// Resamples a signal that arrives in chunks of any size: the outputs of all calls, joined, are those of <see cref="Resample"/> on the whole
/// signal, to the bit on one machine.
/// </summary>
/// <remarks>
/// <para>
/// An output is given out as soon as the last of its <see cref="SincKernel.Reach"/> input samples is there, some <c>lowpassFilterWidth</c>
/// periods of the
/// lower rate late; <see cref="Flush"/> gives the rest, as if zeros followed, and begins anew. CPU tensors, polyphase form, no gradient.
/// </para>
/// <code>
/// using var stream = new StreamingResample(48000, 16000);
/// foreach (var chunk in chunks)
///     Play(stream.Push(chunk));      // [1, some samples]
/// Play(stream.Flush());
/// </code>
/// </remarks>
public sealed class StreamingResample : IDisposable
{
    private const string HistoryKey = "history", CountsKey = "counts";

    private readonly Resample resample;
    private Tensor? history;        // the samples that outputs to come still meet, from historyStart on
    private long historyStart;
    private bool disposed;

    /// <summary>Makes a resampler; the arguments are those of <see cref="Resample"/>.</summary>
    /// <param name="origFreq">Rate of the input in Hz, at least 1.</param>
    /// <param name="newFreq">Rate of the output in Hz, at least 1.</param>
    /// <param name="method">The window of the filter.</param>
    /// <param name="lowpassFilterWidth">Zero crossings of the sinc on each side, at least 1.</param>
    /// <param name="rolloff">Cut-off as a part of the lower Nyquist frequency, above 0 and at most 1.</param>
    /// <param name="beta">Shape of the Kaiser window, 0 to 600; null: 14.77.</param>
    /// <param name="maxKernelBytes">The largest table that may be made, in bytes.</param>
    /// <exception cref="ArgumentException">A value out of range, or a ratio whose table passes <paramref name="maxKernelBytes"/>.</exception>
    public StreamingResample(
        long origFreq, long newFreq, ResamplingMethod method = ResamplingMethod.SincInterpHann, long lowpassFilterWidth = 6, double rolloff = 0.99,
        double? beta = null, long maxKernelBytes = Resample.DefaultMaxKernelBytes) =>
        resample = new Resample(origFreq, newFreq, method, lowpassFilterWidth, rolloff, beta, ResamplingForm.Polyphase, maxKernelBytes);

    /// <summary>The filter.</summary>
    public SincKernel Kernel => resample.Kernel;

    /// <summary>Input samples that came since the begin of the signal.</summary>
    public long Received { get; private set; }

    /// <summary>Output samples that were given out.</summary>
    public long Emitted { get; private set; }

    /// <summary>Takes the next chunk and gives the outputs that it completes.</summary>
    /// <param name="chunk">
    /// <c>[batch, time]</c> or <c>[batch, time, channels]</c> on the CPU, float32, float64, bfloat16 or float16; time may be 0; all else as in
    /// the chunks before.
    /// </param>
    /// <returns><c>[batch, m]</c> or <c>[batch, m, channels]</c> of the chunk's type, in memory of its own; m may be 0.</returns>
    /// <exception cref="ArgumentException">A wrong rank, type or device, or another batch, channel count or type than before.</exception>
    public Tensor Push(Tensor chunk)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Functional.RequireWaveforms(chunk);
        if (chunk.device_type != DeviceType.CPU)
            throw new ArgumentException($"chunk is {Require.Describe(chunk)}; a stream is resampled on the CPU: call cpu() first.", nameof(chunk));
        RequireSameSignal(chunk);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var samples = history is null ? chunk : cat([history, chunk], 1);
        Received = checked(Received + chunk.shape[1]);
        return Emit(samples, Completed()).MoveToOuterDisposeScope();
    }

    /// <summary>Gives the outputs that were still waiting for input, with zeros in its place, and begins a new signal.</summary>
    /// <returns>Like <see cref="Push"/>'s; all outputs of the signal are then <c>ceil(newFreq * Received / origFreq)</c>.</returns>
    /// <exception cref="InvalidOperationException">No chunk came yet, so the batch and the type are not known.</exception>
    public Tensor Flush()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (history is null)
            throw new InvalidOperationException("Flush before the first Push: there is no signal yet.");
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var rest = Emit(history, Kernel.Ratio.OutputLength(Received));
        Reset();
        return rest.MoveToOuterDisposeScope();
    }

    /// <summary>Forgets the signal; the next chunk begins a new one, of any batch and type.</summary>
    public void Reset()
    {
        history?.Dispose();
        history = null;
        (historyStart, Received, Emitted) = (0, 0, 0);
    }

    /// <summary>
    /// What a later stream needs to go on: <c>history</c>, the waiting samples, and <c>counts</c>, int64 samples received, emitted, and before
    /// the history.
    /// </summary>
    /// <returns>Copies in the current dispose scope. Without a signal <c>history</c> is missing.</returns>
    public Dictionary<string, Tensor> StateDict()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var state = new Dictionary<string, Tensor> { [CountsKey] = tensor(new[] { Received, Emitted, historyStart }, ScalarType.Int64) };
        if (history is not null)
            state[HistoryKey] = history.clone();
        return state;
    }

    /// <summary>Goes on where another stream of the same rates and filter stood.</summary>
    /// <param name="state">Its <see cref="StateDict"/>; copied.</param>
    /// <exception cref="ArgumentException">Entries are missing, or do not belong to these rates.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentNullException.ThrowIfNull(state);
        if (!state.TryGetValue(CountsKey, out var counts) || counts.dtype != ScalarType.Int64 || counts.numel() != 3)
            throw new ArgumentException($"The state needs '{CountsKey}', 3 int64 values.", nameof(state));
        using var scope = NewDisposeScope();
        long[] values = counts.cpu().data<long>().ToArray();
        state.TryGetValue(HistoryKey, out var saved);
        long received = values[0], emitted = values[1], start = values[2];
        bool fits = saved is null
            ? received == 0 && emitted == 0 && start == 0
            : received >= 0 && emitted >= 0 && saved.device_type == DeviceType.CPU && saved.dim() is 2 or 3 && Require.IsReal(saved.dtype)
                && start + saved.shape[1] == received && emitted == Completed(received) && start == HistoryStart(received, emitted);
        if (!fits)
            throw new ArgumentException(
                $"The state (received {received}, emitted {emitted}, history from {start}, " +
                $"{(saved is null ? "none" : Require.Describe(saved))}) is not one of a stream at {Kernel.Ratio}.", nameof(state));
        Reset();
        history = saved?.detach().clone().DetachFromDisposeScope();
        (Received, Emitted, historyStart) = (received, emitted, start);
    }

    /// <summary>Frees the tables and the waiting samples.</summary>
    public void Dispose()
    {
        Reset();
        resample.Dispose();
        disposed = true;
    }

    private Tensor Emit(Tensor samples, long until)
    {
        long[] shape = samples.shape;
        shape[1] = until - Emitted;
        var result = empty(shape, samples.dtype, CPU);
        if (Kernel.Ratio.IsIdentity)
        {
            result.copy_(samples.narrow(1, Emitted - historyStart, shape[1]));
        }
        else if (result.numel() > 0)
        {
            using var table = (PolyphaseTable)resample.TableFor(ResamplingForm.Polyphase, Functional.ComputedIn(samples.dtype), CPU);
            PolyphaseResampler.Part(samples, historyStart, result, Emitted, table);
        }
        Emitted = until;
        long start = HistoryStart(Received, Emitted);
        var kept = samples.narrow(1, start - historyStart, Received - start).clone().DetachFromDisposeScope();
        history?.Dispose();
        (history, historyStart) = (kept, start);
        return result;
    }

    private long Completed() => Completed(Received);

    // The first output whose last tap has not come: the smallest j with FirstTap(j) + Reach > received, since FirstTap never falls.
    private long Completed(long received)
    {
        if (Kernel.Ratio.IsIdentity)
            return received;
        long low = 0, high = Kernel.Ratio.OutputLength(received);
        while (low < high)
        {
            long middle = low + (high - low) / 2;
            if (Kernel.FirstTap(middle) + Kernel.Reach <= received)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private long HistoryStart(long received, long emitted) =>
        Kernel.Ratio.IsIdentity ? received : Math.Clamp(Kernel.FirstTap(emitted), 0, received);

    private void RequireSameSignal(Tensor chunk)
    {
        if (history is null)
            return;
        long[] before = history.shape, now = chunk.shape;
        if (chunk.dtype != history.dtype || before.Length != now.Length || before[0] != now[0] || (now.Length == 3 && before[2] != now[2]))
            throw new ArgumentException(
                $"chunk is {Require.Describe(chunk)}, but the signal so far is {Require.Describe(history)} " +
                $"apart from its time: push chunks of one kind, or call Reset() first.", nameof(chunk));
    }
}
