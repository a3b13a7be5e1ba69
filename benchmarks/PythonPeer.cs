using System.Diagnostics;
using System.Globalization;

namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>
/// A Python process that holds the peers and times one of them when asked, a line each way: <c>time name count</c> in, seconds out.
/// </summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly Process process;
    private readonly HashSet<string> names;

    private PythonPeer(Process process, string[] names) => (this.process, this.names) = (process, [.. names]);

    /// <summary>Starts the first python3 that has torch; null if none has. PYTHON names another.</summary>
    public static PythonPeer? Start(int threads, string device)
    {
        string[] candidates = Environment.GetEnvironmentVariable("PYTHON") is { Length: > 0 } named ? [named] : ["python3", "/usr/bin/python3"];
        foreach (var python in candidates)
        {
            var start = new ProcessStartInfo(python)
            {
                ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Peers", "peers.py"), threads.ToString(CultureInfo.InvariantCulture), device },
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            Process? process;
            try
            {
                process = Process.Start(start);
            }
            catch (System.ComponentModel.Win32Exception)
            {
                continue; // no such program
            }
            process!.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            if (process.StandardOutput.ReadLine() is { } known) return new PythonPeer(process, known.Split(' '));
            process.WaitForExit();
            process.Dispose();
        }
        return null;
    }

    public bool Knows(string name) => names.Contains(name);

    /// <summary>What that many calls take.</summary>
    /// <exception cref="InvalidOperationException">The peer failed; its words.</exception>
    public TimeSpan Time(string name, int count) => TimeSpan.FromSeconds(Ask($"time {name} {count}", name));

    /// <summary>The bytes that a call takes at its peak beyond its inputs; NaN where that is not known.</summary>
    public double PeakBytes(string name) => Ask($"peak {name} 1", name);

    /// <summary>The bytes of its constants, such as a resampling kernel; NaN where it has none to tell of.</summary>
    public double ConstantBytes(string name) => Ask($"constants {name} 1", name);

    private double Ask(string request, string name)
    {
        process.StandardInput.WriteLine(request);
        process.StandardInput.Flush();
        var answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The Python peer ended at {name}.");
        return double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidOperationException($"The Python peer failed at {name}: {answer}");
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
