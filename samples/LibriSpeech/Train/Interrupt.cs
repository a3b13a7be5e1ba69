using System.Runtime.InteropServices;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Ctrl-C and SIGTERM while it lives: the first asks for an end, at the next place where nothing gets lost; a second one ends the program as if
/// nobody listened.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private const int SigInt = 2, SigTerm = 15, ByASignal = 128;

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    internal Interrupt() => registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, Take), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take)];

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => source.Token;

    /// <summary>What a shell expects of a program that a signal ended.</summary>
    internal int ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        // The source is not: a signal may be on its way.
    }

    private void Take(PosixSignalContext signal)
    {
        if (source.IsCancellationRequested)
            return;
        signal.Cancel = true;
        ExitCode = ByASignal + (signal.Signal == PosixSignal.SIGTERM ? SigTerm : SigInt);
        source.Cancel();
    }
}
