using SpeechBrain.Sharp.Benchmarks;
using SpeechBrain.Sharp.Benchmarks.Cases;
using TorchSharp;

// Times our operations against peers, in turn within one run: round by round ours, then theirs, so that a machine whose speed drifts drifts for both.
BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

torch.set_num_threads(options.Threads);
// glibc gives freed memory back to the system until a large block (at most 32 MiB) was freed once, as happens early in any training: from then on
// it keeps 64 MiB. Before, chance decides how many page faults a pass costs. The Python peers do the same.
torch.empty(8_000_000).Dispose();
if (options.Device == "cuda" && !torch.cuda.is_available())
{
    Console.Error.WriteLine("--device=cuda: torch sees no GPU here.");
    return 2;
}
var device = new torch.Device(options.Device);
// For a GPU: what the library promises to do there.
BenchmarkCase[] cases = options.GpuCases
    ?
    [
        .. ResampleCases.OnGpu(device), .. MaskCases.All(device), .. SpectrogramAugmentationCases.All(device), .. WaveformAugmentationCases.All(device),
        .. options.Device == "cuda" ? TransducerCases.All(device) : [], .. FusedTransducerCases.OnGpu(device), .. ConformerCases.OnGpu(device),
        .. TrainingStepCases.All(device),
    ]
    :
    [
        .. OperatorCases.All(), .. ResampleCases.All(device), .. MaskCases.All(device), .. ConformerCases.All(device),
        .. SpectrogramAugmentationCases.All(device), .. WaveformAugmentationCases.All(device), .. TransducerCases.All(device),
        .. FusedTransducerCases.All(), .. LoaderCases.All(),
    ];
if (options.PeakOf.Length > 0)
{
    PeakProbe.Print(cases.First(c => c.Name == options.PeakOf && c.PrepareSmall is not null), options);
    return 0;
}
var chosen = cases.Where(c => c.Name.Contains(options.Filter, StringComparison.Ordinal)).ToArray();
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"No benchmark's name contains '{options.Filter}'. Known: {string.Join(", ", cases.Select(c => c.Name).Distinct())}");
    return 2;
}

using var python = PythonPeer.Start(options.Threads, options.Device);
if (python is null) Console.WriteLine("No python3 with torch was found (Debian: python3-torch, python3-torchaudio): only our own times are shown.");
// A row against SpeechBrain appears where SPEECHBRAIN_HOME names a checkout.
BenchmarkCase[] timed = [.. chosen.Where(c => c.Peer != "speechbrain" || c.Twin is null || python?.Knows(c.Twin) == true)];
using var report = new BenchReport(options.Output, timed.Select(c => c.Name));
bool failed = false;
foreach (var benchmark in timed)
{
    try
    {
        report.Add(BenchRunner.Run(benchmark, python, options));
    }
    catch (Exception e) when (e is not OutOfMemoryException)
    {
        failed = true;
        report.AddFailure(benchmark.Name, e);
    }
}
return failed ? 1 : 0;
