using System.Diagnostics;
using System.Globalization;

namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>
/// A Python process that holds the peers and times one of them when asked, a line each way: <c>name count</c> in, seconds out.
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

    public TimeSpan Time(string name, int count)
    {
        process.StandardInput.WriteLine($"{name} {count}");
        process.StandardInput.Flush();
        var answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The Python peer ended while it timed {name}.");
        return TimeSpan.FromSeconds(double.Parse(answer, CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
