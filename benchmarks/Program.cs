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
// On a GPU: what the library promises to do there.
BenchmarkCase[] cases = options.Device == "cuda"
    ?
    [
        .. ResampleCases.All(device), .. MaskCases.All(device), .. ConformerCases.All(device), .. SpectrogramAugmentationCases.All(device),
        .. WaveformAugmentationCases.All(device), .. TransducerCases.All(device),
    ]
    :
    [
        .. OperatorCases.All(), .. ResampleCases.All(device), .. MaskCases.All(device), .. ConformerCases.All(device),
        .. SpectrogramAugmentationCases.All(device), .. WaveformAugmentationCases.All(device), .. TransducerCases.All(device),
        .. FusedTransducerCases.All(), .. LoaderCases.All(),
    ];
var chosen = cases.Where(c => c.Name.Contains(options.Filter, StringComparison.Ordinal)).ToArray();
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"No benchmark's name contains '{options.Filter}'. Known: {string.Join(", ", cases.Select(c => c.Name).Distinct())}");
    return 2;
}

using var python = PythonPeer.Start(options.Threads, options.Device);
if (python is null) Console.WriteLine("No python3 with torch was found (Debian: python3-torch, python3-torchaudio): only our own times are shown.");
using var report = new BenchReport(options.Output);
// A row against SpeechBrain appears where SPEECHBRAIN_HOME names a checkout.
var timed = chosen.Where(c => c.Peer != "speechbrain" || c.Twin is null || python?.Knows(c.Twin) == true);
foreach (var benchmark in timed) report.Add(BenchRunner.Run(benchmark, python, options));
report.PrintTable();
return 0;
