// The kit that runs tests and benchmarks on a Linux host with a CUDA PyTorch and without .NET: programs, one .NET runtime for all of them, the
// sources of the native library, libsndfile, and run.sh, which builds and runs them.

const int GpuKitLimit = 45_000_000;

void PackGpuKit(string configuration)
{
    const string kit = "artifacts/gpu-kit", archive = "artifacts/gpu-kit.tar.gz";
    CleanDirectory(kit);
    foreach (var (project, name) in new[] { ("SpeechBrain.Sharp.Tests", "SpeechBrain.Sharp.Tests"), ("SystemLibTorch.Tests", "SystemLibTorch.Tests"), ("benchmarks", "Benchmarks") })
        CopyProgram($"{project}/bin/{configuration}/net10.0", $"{kit}/{name}");
    CopyRuntime($"{kit}/runtime");
    CopyLibsndfile($"{kit}/lib");
    CreateDirectory($"{kit}/native");
    CopyFiles("SystemLibTorch/native/*.*", $"{kit}/native");
    CopyFileToDirectory("build/gpu-kit/run.sh", kit);
    CopyFileToDirectory("LICENSE", kit);

    if (StartProcess("tar", $"-czf {archive} -C artifacts gpu-kit") != 0)
        throw new CakeException("tar could not pack the kit.");
    var size = FileSize(archive);
    Information($"{archive}: {size / 1e6:0.0} MB. On the other machine: tar -xzf gpu-kit.tar.gz && bash gpu-kit/run.sh");
    if (size > GpuKitLimit)
        throw new CakeException($"The kit has {size / 1e6:0.0} MB; it may have {GpuKitLimit / 1e6:0}.");
}

// Without the native library, which is built over there, the test platform's translations, and what only tests of documents need, which
// are skipped outside a checkout.
void CopyProgram(string from, string to)
{
    CopyDirectory(from, to);
    foreach (var spare in new[] { "libSystemLibTorch.so", "Microsoft.CodeAnalysis*.dll", "Markdig.dll" })
        DeleteFiles($"{to}/{spare}");
    foreach (var translation in GetDirectories($"{to}/*").Where(folder => GetFiles($"{folder}/*.resources.dll").Any()))
        DeleteDirectory(translation, new DeleteDirectorySettings { Recursive = true });
}

// .NET's host program and its newest framework of the version that the programs ask for, without what debuggers load and what nobody asks for.
void CopyRuntime(string to)
{
    var frameworks = new System.IO.DirectoryInfo(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory()).Parent;
    var root = frameworks.Parent.Parent;
    var version = frameworks.GetDirectories("10.*").Select(folder => folder.Name).MaxBy(name => System.Version.Parse(name.Split('-')[0]));
    CreateDirectory(to);
    CopyFileToDirectory($"{root}/dotnet", to);
    CopyDirectory($"{root}/host/fxr/{version}", $"{to}/host/fxr/{version}");
    var framework = $"{to}/shared/{frameworks.Name}/{version}";
    CopyDirectory($"{frameworks}/{version}", framework);
    foreach (var spare in new[] { "libmscordaccore.so", "libmscordbi.so", "libcoreclrtraceptprovider.so", "createdump", "libclrgc*.so", "Microsoft.VisualBasic*.dll" })
        DeleteFiles($"{framework}/{spare}");
}

// libsndfile and what it needs besides the C library.
void CopyLibsndfile(string to)
{
    CreateDirectory(to);
    var found = Output("ldconfig", "-p").Split('\n').FirstOrDefault(line => line.Contains("libsndfile.so.1 "))?.Split("=> ")[1].Trim()
        ?? throw new CakeException("libsndfile.so.1 was not found: the kit takes it along.");
    CopyFile(found, $"{to}/libsndfile.so.1");
    foreach (var line in Output("ldd", found).Split('\n').Where(line => line.Contains("=> /")))
    {
        var parts = line.Trim().Split(' ');
        if (!parts[0].StartsWith("libc.") && !parts[0].StartsWith("libm."))
            CopyFile(parts[2], $"{to}/{parts[0]}");
    }
}
