using System.ComponentModel;
using System.Diagnostics;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Runs a program of the system.</summary>
internal static class ExternalProgram
{
    /// <param name="program">its name on the PATH</param>
    /// <param name="arguments">its arguments, none of them read by a shell</param>
    /// <param name="folder">to work in</param>
    /// <param name="absent">the message if there is no such program: what it is for, and what to do</param>
    /// <returns>Null when it ended well, else its last words.</returns>
    internal static string? Run(string program, IEnumerable<string> arguments, string folder, string absent)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            output.Wait();
            return process.ExitCode == 0 ? null : $"{program}: {LastLine(errors) ?? $"exit code {process.ExitCode}"}";
        }
        catch (Win32Exception e)
        {
            throw new UserException(absent, e);
        }
    }

    private static string? LastLine(string text) => text.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.Length > 0);
}
