using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>
/// The peak of a case in a process of its own: libtorch keeps what is freed and would serve a second call from it, so only a first one shows what is
/// taken.
/// </summary>
internal static class PeakProbe
{
    /// <summary>Bytes beyond the inputs; NaN where they can't be measured.</summary>
    public static double Of(BenchmarkCase benchmark, BenchOptions options)
    {
        var program = Environment.GetCommandLineArgs()[0];
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            Environment = { ["MALLOC_MMAP_THRESHOLD_"] = "131072" }, // on the CPU: what is freed is given back at once
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(program);
        foreach (var argument in new[] { $"--peak-of={benchmark.Name}", $"--device={options.Device}", $"--threads={options.Threads}", "--gpu-cases" })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? double.Parse(answer, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The process that measures the peak of {benchmark.Name} ended with {process.ExitCode}.");
    }

    /// <summary>What that process does.</summary>
    public static void Print(BenchmarkCase benchmark, BenchOptions options)
    {
        var (small, first) = benchmark.PrepareSmall!();
        using (first)
            small();
        var (body, owner) = benchmark.Prepare();
        using (owner)
        {
            double bytes = options.Device == "cuda" ? DeviceMemory.PeakOf(Finished) : PeakMemory.Of(body);
            Console.WriteLine(bytes.ToString("R", CultureInfo.InvariantCulture));
        }

        void Finished()
        {
            body();
            cuda.synchronize();
        }
    }
}
