using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SpeechBrain.Sharp.Augment;

/// <summary>The program ffmpeg as an encoder and decoder of waveforms: two processes a waveform, and a file between them.</summary>
/// <param name="path">The program.</param>
internal sealed class Ffmpeg(string path)
{
    /// <summary>Finds the program.</summary>
    /// <param name="path">Its path; null: the first of that name in the folders of PATH.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    internal static Ffmpeg Find(string? path)
    {
        string name = OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";
        string? found = path ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return File.Exists(found)
            ? new Ffmpeg(found)
            : throw new FileNotFoundException(
                $"There is no ffmpeg {(path is null ? "in the folders of PATH" : $"at '{path}'")}, which the codecs Mp3 and G722 need. Install it "
                + "(Debian: ffmpeg), or ask for codecs: [Codec.PcmMulaw, Codec.PcmAlaw], which need nothing.");
    }

    /// <summary>Encodes a waveform and decodes it.</summary>
    /// <param name="samples">One channel.</param>
    /// <param name="sampleRate">Its rate in Hz.</param>
    /// <param name="codec">One that is not computed in tensors.</param>
    /// <returns>As many samples, in line with those that came.</returns>
    /// <exception cref="InvalidOperationException">ffmpeg fails; the message is its own.</exception>
    internal float[] RoundTrip(float[] samples, long sampleRate, Codec codec)
    {
        // A file and no pipe: the encoder goes back to its beginning to write how much of its delay and padding the decoder should drop.
        var (format, encoder, delay) = codec == Codec.Mp3 ? ("mp3", "libmp3lame", 0) : ("g722", "g722", G722Delay);
        string file = Path.Combine(Path.GetTempPath(), $"speechbrain-sharp-{Guid.NewGuid():N}.{format}");
        string[] raw = ["-f", "f32le", "-ar", sampleRate.ToString(CultureInfo.InvariantCulture), "-ac", "1"];
        try
        {
            // Silence behind the samples, out of which the delay is taken.
            var padded = new float[samples.Length + 2 * delay];
            samples.CopyTo(padded, 0);
            Run([.. raw, "-i", "pipe:0", "-c:a", encoder, "-f", format, file], MemoryMarshal.AsBytes(padded.AsSpan()).ToArray());
            byte[] decoded = Run(["-f", format, "-i", file, .. raw, "pipe:1"], []);
            var result = new float[samples.Length];
            var heard = MemoryMarshal.Cast<byte, float>(decoded);
            heard = heard[Math.Min(delay, heard.Length)..];
            heard[..Math.Min(heard.Length, result.Length)].CopyTo(result);
            return result;
        }
        finally
        {
            File.Delete(file);
        }
    }

    // The quadrature mirror filters of encoder and decoder.
    private const int G722Delay = 22;

    private byte[] Run(string[] arguments, byte[] input)
    {
        var start = new ProcessStartInfo(path, ["-hide_banner", "-loglevel", "error", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var feeding = Task.Run(() =>
            {
                try
                {
                    using var sink = process.StandardInput.BaseStream;
                    sink.Write(input);
                }
                catch (IOException)
                {
                    // The program ended before it had read everything; its own message says why.
                }
            });
            using var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            feeding.Wait();
            return process.ExitCode == 0
                ? output.ToArray()
                : throw new InvalidOperationException(
                    $"'{path} {string.Join(' ', arguments)}' failed with {process.ExitCode}: {errors.Result.Trim()}");
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"'{path}' cannot be run: {e.Message}", e);
        }
    }
}
