using System.Buffers;
using System.Diagnostics;

namespace SpeechBrain.Sharp.Data;

/// <summary>One utterance of a batch that is being loaded: a worker thread decodes it, then the batch's owner asks what came of it.</summary>
/// <param name="utterance">which</param>
/// <param name="index">its place in the loader's list</param>
/// <param name="rows">where the audio goes, and</param>
/// <param name="row">in which of its rows</param>
/// <param name="tokenizer">for the transcript</param>
/// <param name="sampleRate">Hz that the audio must have</param>
/// <param name="options">of the loader</param>
internal sealed class LoadingUtterance(
    Utterance utterance, int index, PaddedRows rows, int row, ITokenizer tokenizer, int sampleRate, BatchLoaderOptions options)
{
    // A second of audio at 16 kHz: a decoder's call is short enough to be told to stop, and long enough to cost nothing.
    private const int BlockFrames = 1 << 14;

    private long begin;

    internal Utterance Utterance => utterance;

    internal int Index => index;

    /// <summary>Samples, when it can be used.</summary>
    internal long Samples { get; private set; }

    internal long[] Tokens { get; private set; } = [];

    /// <summary>The samples where the row was too short for them, the manifest having told a shorter duration; null: they are in the row.</summary>
    internal float[]? Outside { get; private set; }

    /// <summary>Why it can't be used; null if it can.</summary>
    internal string? Reason { get; private set; }

    /// <summary>What <see cref="Reason"/> came from, or, where there is none, what no file can be blamed for.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Since when a thread has been at it; null before and after.</summary>
    internal TimeSpan? Elapsed => Volatile.Read(ref begin) is var since and > 0 ? Stopwatch.GetElapsedTime(since) : null;

    /// <summary>Decodes and tokenizes; throws nothing.</summary>
    /// <param name="stopped">asked between blocks; when true the rest is left undone</param>
    internal void Load(Func<bool> stopped)
    {
        Volatile.Write(ref begin, Stopwatch.GetTimestamp());
        try
        {
            Reason = Decode(stopped);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            (Reason, Failure) = (e.Message, e);
        }
        catch (Exception e)
        {
            Failure = e;
        }

        Volatile.Write(ref begin, 0);
        GC.KeepAlive(rows);
    }

    private string? Decode(Func<bool> stopped)
    {
        if (Tokenize() is { } noTokens)
            return noTokens;
        using var decoder = AudioDecoder.Open(utterance.Path);
        var info = decoder.Info;
        if (Unfit(info) is { } unfit)
            return unfit;
        Samples = info.Frames;
        if (options.Refuse?.Invoke(utterance, Samples, Tokens) is { } refused)
            return refused;

        var place = rows[row];
        if (Samples > place.Length)
            place = Outside = GC.AllocateUninitializedArray<float>((int)Samples);
        var wave = place[..(int)Samples];
        if (info.Channels == 1)
        {
            for (var at = 0; at < wave.Length && !stopped(); at += BlockFrames)
                decoder.Read(wave.Slice(at, Math.Min(BlockFrames, wave.Length - at)));
        }
        else
        {
            Average(decoder, wave, stopped);
        }

        place[wave.Length..].Clear();
        return null;
    }

    private string? Tokenize()
    {
        if (string.IsNullOrWhiteSpace(utterance.Transcript) && !options.AllowEmptyTranscripts)
            return $"the transcript of {utterance.Id} ('{utterance.Path}') is empty: complete or remove its row, or set AllowEmptyTranscripts";
        try
        {
            Tokens = tokenizer.Encode(utterance.Transcript);
            return null;
        }
        catch (ArgumentException e)
        {
            Failure = e;
            return $"the transcript of {utterance.Id} ('{utterance.Path}') can't be tokenized: {e.Message}";
        }
    }

    private string? Unfit(AudioInfo info) => true switch
    {
        _ when info.SampleRate != sampleRate =>
            $"'{utterance.Path}' is sampled at {info.SampleRate} Hz and {sampleRate} Hz are needed: convert it, for example with "
            + $"'ffmpeg -i INPUT -ar {sampleRate} OUTPUT'",
        _ when info.Channels > 1 && !options.AverageChannels =>
            $"'{utterance.Path}' has {info.Channels} channels and one is needed: pick one, for example with "
            + "'ffmpeg -i INPUT -af pan=mono|c0=c0 OUTPUT', or let channels be averaged (AverageChannels)",
        _ when !info.TellsLength => AudioDecoder.NoLength(utterance.Path),
        _ when info.Frames == 0 => $"'{utterance.Path}' holds no audio: fetch it again, or remove its row",
        _ when info.Duration < options.MinSeconds => FormattableString.Invariant(
            $"'{utterance.Path}' lasts {info.Duration:0.###} s and at least {options.MinSeconds} s are needed: remove its row"),
        _ when info.Duration > options.MaxSeconds || info.Frames > Array.MaxLength => FormattableString.Invariant(
            $"'{utterance.Path}' lasts {info.Duration:0.###} s by its header and at most ")
            + FormattableString.Invariant($"{Math.Min(options.MaxSeconds, (double)Array.MaxLength / sampleRate):0.###} s can be used: cut it, or remove its row"),
        _ => null,
    };

    private static void Average(AudioDecoder decoder, Span<float> wave, Func<bool> stopped)
    {
        var channels = decoder.Info.Channels;
        var block = ArrayPool<float>.Shared.Rent(BlockFrames * channels);
        for (var at = 0; at < wave.Length && !stopped(); at += BlockFrames)
        {
            var frames = Math.Min(BlockFrames, wave.Length - at);
            decoder.Read(block.AsSpan(0, frames * channels));
            AudioData.Average(block.AsSpan(0, frames * channels), wave.Slice(at, frames));
        }

        ArrayPool<float>.Shared.Return(block);
    }
}
