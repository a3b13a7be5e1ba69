using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks;

/// <summary>How fast a plain copy moves as many bytes as a case reads and writes: half of them in, half out.</summary>
internal sealed class CopyRate(long bytes, string device, Action wait) : IDisposable
{
    private readonly Tensor source = ones(bytes / 8, device: new Device(device)), target = ones(bytes / 8, device: new Device(device));

    // On a GPU many in a row: the launch of one would weigh as much as the copy.
    private readonly int copies = device == "cuda" ? 50 : 1;

    public double Milliseconds()
    {
        wait();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < copies; i++) target.copy_(source);
        wait();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / copies;
    }

    public string Describe(double milliseconds, double share, string extra) => string.Create(CultureInfo.InvariantCulture,
        $"{bytes / milliseconds / 1e6:0.00} GB/s, {share:P0} of a copy{(extra.Length > 0 ? ", " : "")}{extra}");

    public void Dispose()
    {
        source.Dispose();
        target.Dispose();
    }
}
