#load "build/options.cake"
#load "build/packages.cake"
#load "build/binding.cake"
#load "build/tests.cake"
#load "build/pack.cake"
#load "build/gpukit.cake"

const string Solution = "SpeechBrain.Sharp.sln";

Options options;
try
{
    var arguments = System.Environment.GetCommandLineArgs().SkipWhile(a => a != "--").Skip(1).ToArray();
    if (arguments.TakeWhile(a => a != "--").Any(a => a is "--help" or "-h"))
    {
        Console.WriteLine(Options.Usage);
        return;
    }
    options = Options.Parse(arguments);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    System.Environment.Exit(2);
    return;
}

var binding = "";
Counts counts = null;

// A waiting OpenMP thread that spins takes the core from the thread that it waits for.
if (!HasEnvironmentVariable("OMP_WAIT_POLICY"))
    System.Environment.SetEnvironmentVariable("OMP_WAIT_POLICY", "passive");

Task("Configure")
    .Description("Chooses the TorchSharp to build against, records it, installs what it needs.")
    .Does(() =>
{
    var recorded = RecordedBinding();
    binding = options.Torch ?? recorded;
    string version = null, reason = options.Torch != null ? "asked for" : $"as {BindingRecord} says";
    if (binding == null || (binding == "nuget" && recorded != "nuget"))
    {
        var packages = AskForPackages(force: binding == "nuget");
        if (packages.WhyNot != null)
            Information(packages.WhyNot + ".");
        if (packages.Version == null && binding == "nuget")
            throw new CakeException($"--torch=nuget can't be had: {packages.WhyNot}");
        if (binding == null)
            reason = packages switch
            {
                { WhyNot: null } => $"the feed has TorchSharp {packages.Version}",
                { Unloadable: true } => $"TorchSharp {packages.Version} would not load here",
                _ => "the feed lacks TorchSharp",
            };
        binding ??= packages.WhyNot == null ? "nuget" : "system";
        version = binding == "nuget" ? packages.Version : null;
    }
    Information($"TorchSharp: {binding} ({reason}).");
    if (binding == "system")
        RequireLibtorch();
    if (binding != recorded)
        RecordBinding(binding, version, reason);
});

Task("Build")
    .Description("Builds the solution; warnings are errors.")
    .IsDependentOn("Configure")
    .Does(() => DotNetBuild(Solution, new DotNetBuildSettings { Configuration = options.Configuration, NoLogo = true }));

Task("Test")
    .Description("Runs all tests, or those that --filter names.")
    .IsDependentOn("Build")
    .Does(() =>
{
    RequireLibsndfile();
    InstallSentencePiece();
    counts = new Counts();
    foreach (var project in binding == "system" ? new[] { "SpeechBrain.Sharp.Tests", "SystemLibTorch.Tests" } : ["SpeechBrain.Sharp.Tests"])
        counts += RunTests(project, options.Configuration, options.Filter);
    if (counts.Failed > 0)
        throw new CakeException($"{counts.Failed} failed.");
    if (counts.Total == 0)
        throw new CakeException(options.Filter == null ? "There are no tests." : $"No test matches --filter={options.Filter}");
});

Task("Sample")
    .Description("The main job end to end on real speech: prepare, train, evaluate, report.")
    .IsDependentOn("Build")
    .Does(() =>
{
    RequireLibsndfile();
    RunProgram("samples/LibriSpeech/LibriSpeech.csproj", options.Rest);
});

Task("Bench")
    .Description("Benchmarks against peers.")
    .IsDependentOn("Build")
    .Does(() =>
{
    InstallPeers();
    // OpenBLAS takes every core for its matrix products, whatever torch's number of threads is, unless it is told before it is loaded.
    if (!HasEnvironmentVariable("OPENBLAS_NUM_THREADS"))
        System.Environment.SetEnvironmentVariable(
            "OPENBLAS_NUM_THREADS", options.Rest.FirstOrDefault(a => a.StartsWith("--threads="))?.Split('=')[1] ?? "1");
    RunProgram("benchmarks/Benchmarks.csproj", options.Filter == null ? options.Rest : [$"--filter={options.Filter}", .. options.Rest]);
});

Task("Pack")
    .Description("artifacts/packages/: the library's package and its symbols.")
    .Does(() => PackLibrary(options.Configuration));

Task("Docs")
    .Description("artifacts/api: the API reference, from the assembly and its XML documentation.")
    .IsDependentOn("Build")
    .Does(() => RunProgram("build/api-reference/ApiReference.csproj", ["artifacts/api"]));

Task("GpuKit")
    .Description("artifacts/gpu-kit.tar.gz: tests and benchmarks for a Linux host with a CUDA PyTorch and without .NET.")
    .IsDependentOn("Build")
    .Does(() =>
{
    if (binding != "system")
        throw new CakeException("The kit holds the system binding, built there against that host's PyTorch: run it with --torch=system.");
    RequireLibsndfile();
    PackGpuKit(options.Configuration);
});

Task("Format")
    .Description("Fails where the code is not formatted as .editorconfig says.")
    .IsDependentOn("Configure")
    .Does(() =>
{
    // Of every file, those of samples/ that no project holds too; of the solution also what takes a compiler to see.
    if (StartProcess("dotnet", "format whitespace . --folder --verify-no-changes") != 0)
        throw new CakeException("Not formatted, see above; 'dotnet format whitespace . --folder' mends it.");
    DotNetFormat(Solution, new DotNetFormatSettings { VerifyNoChanges = true });
});

Task("Clean")
    .Description("Removes what a build made; the choice of binding stays.")
    .Does(() =>
{
    CleanDirectories("**/bin/" + options.Configuration);
    CleanDirectories("**/obj");
    CleanDirectories("SystemLibTorch/native/build");
    CleanDirectories("artifacts");
});

void RunProgram(string project, string[] arguments) =>
    DotNetRun(project, Quoted(arguments), new DotNetRunSettings { Configuration = options.Configuration, NoBuild = true });

ProcessArgumentBuilder Quoted(IEnumerable<string> arguments)
{
    var builder = new ProcessArgumentBuilder();
    foreach (var argument in arguments)
        builder.AppendQuoted(argument);
    return builder;
}

var failed = false;
try
{
    RunTarget(options.Target);
}
catch (Exception e)
{
    Console.Error.WriteLine($"{options.Target} failed: {e.Message}");
    failed = true;
}
if (counts != null)
    Console.WriteLine(counts);
System.Environment.Exit(failed ? 1 : 0);
