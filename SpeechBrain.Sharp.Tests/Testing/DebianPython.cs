using System.Diagnostics;
using NUnit.Framework;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>Debian's own Python with Debian's packages (python3-torch), as an independent reader and writer of files.</summary>
public static class DebianPython
{
    private const string Interpreter = "/usr/bin/python3";

    /// <summary>Runs a program; skips the test, with the reason, where Python or a module is absent.</summary>
    /// <param name="module">A module that the program needs.</param>
    /// <param name="program">Python source.</param>
    /// <param name="arguments">Its <c>sys.argv[1:]</c>.</param>
    /// <returns>What it printed.</returns>
    public static string Run(string module, string program, params string[] arguments)
    {
        if (!File.Exists(Interpreter))
            Assert.Ignore($"no {Interpreter}");
        if (Start(["-c", $"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"]).Code != 0)
            Assert.Ignore($"{Interpreter} has no module {module}");
        var (code, output, error) = Start(["-c", program, .. arguments]);
        Assert.That(code, Is.Zero, error);
        return output;
    }

    private static (int Code, string Output, string Error) Start(string[] arguments)
    {
        var start = new ProcessStartInfo(Interpreter, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
