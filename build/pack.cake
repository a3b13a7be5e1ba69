// The library's package, the same whatever the solution is built with: it is compiled on its own, against the system binding's signatures, which are
// those of the oldest TorchSharp that it runs on. That takes neither libtorch nor TorchSharp's packages.

void PackLibrary(string configuration)
{
    const string made = "artifacts/packages";
    CleanDirectory(made);
    var settings = new DotNetMSBuildSettings()
        .WithProperty("TorchBinding", "system").WithProperty("LibTorchNative", "false")
        .WithProperty("ArtifactsPath", MakeAbsolute(Directory("artifacts/pack")).FullPath);
    // Two clones of a commit make the same bytes: the compiler writes a fixed name for the clone's folder, and the files are as old as the commit.
    if (DirectoryExists(".git") || FileExists(".git"))
        settings
            .WithProperty("ContinuousIntegrationBuild", "true")
            .WithProperty("DeterministicTimestamp", Output("git", "log -1 --format=%ct").Trim());
    DotNetPack("SpeechBrain.Sharp/SpeechBrain.Sharp.csproj", new DotNetPackSettings
    {
        Configuration = configuration,
        NoLogo = true,
        OutputDirectory = made,
        MSBuildSettings = settings,
    });
    foreach (var package in GetFiles($"{made}/*"))
        Information($"{made}/{package.GetFilename()}: {FileSize(package) / 1e3:0} kB");
}
