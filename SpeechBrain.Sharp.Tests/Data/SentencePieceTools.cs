using System.Diagnostics;
using NUnit.Framework;

namespace SpeechBrain.Sharp.Tests.Data;

/// <summary>The programs of Debian's package <c>sentencepiece</c>, as a reference.</summary>
internal static class SentencePieceTools
{
    /// <summary>Runs a program; skips the test, with the reason, where it is not on the PATH.</summary>
    /// <returns>The lines that it printed.</returns>
    internal static string[] Run(string program, IEnumerable<string> input, params string[] arguments)
    {
        bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
        if (!found)
            Assert.Ignore($"no {program} on the PATH: install Debian's package sentencepiece");
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        foreach (string line in input)
            process.StandardInput.Write(line + "\n");
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, error.Result);
        string[] lines = output.Result.Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
