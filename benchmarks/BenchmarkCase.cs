namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>One thing that is timed.</summary>
/// <param name="Name">Its name, <c>area/what/variant</c>; the Python peer knows its twin by the same name.</param>
/// <param name="Peer">Whom it is timed against, for instance <c>torchaudio</c>; <c>one-thread</c> is the same call on one thread.</param>
/// <param name="Prepare">Makes inputs and modules and returns the action to time; what it makes lives until the returned object is disposed.</param>
/// <param name="Extra">What else the report should say.</param>
/// <param name="Bytes">Bytes that it must read and write at least; where known, the report says what share of a plain copy's rate that is.</param>
/// <param name="Twin">The Python peer's name for it where that is another.</param>
/// <param name="PrepareBaseline">Makes a peer that runs in this process, instead of the Python one.</param>
/// <param name="MaxRounds">Rounds at most, for what takes seconds.</param>
/// <param name="ExtraBefore">What else the report should say, found out before the timing.</param>
/// <param name="Whole">What the timed thing is a part of, in words, and</param>
/// <param name="PrepareWhole">made: the report then says what share of its time ours and the peer's take.</param>
/// <param name="AudioSeconds">
/// Seconds of audio that a call works through; where above 0, the report says how many a second does, by the clock and by processor time, which
/// other programs on the machine change less.
/// </param>
/// <param name="ConstantBytes">The bytes of its constants, where the report should say them beside the peer's.</param>
/// <param name="PrepareSmall">
/// The same in little, which loads all that it needs: given, the report says what both sides take at their peak beyond their inputs.
/// </param>
internal sealed record BenchmarkCase(
    string Name, string Peer, Func<(Action Body, IDisposable Owner)> Prepare, string Extra = "", long Bytes = 0, string? Twin = null,
    Func<(Action Body, IDisposable Owner)>? PrepareBaseline = null, int MaxRounds = int.MaxValue, Func<string>? ExtraBefore = null,
    string Whole = "", Func<(Action Body, IDisposable Owner)>? PrepareWhole = null, double AudioSeconds = 0, Func<long>? ConstantBytes = null,
    Func<(Action Body, IDisposable Owner)>? PrepareSmall = null);

/// <summary>What came out: medians of the rounds in milliseconds a call, and the median of each round's peer / ours.</summary>
internal sealed record BenchResult(string Case, int Threads, string Device, double OursMs, string? Peer, double? PeerMs, double? Ratio, string Extra);
