// What the build needs of the machine. Debian and Ubuntu get what they lack, each command printed before it runs; other systems are told.

static bool OnPath(string program) =>
    System.Environment.GetEnvironmentVariable("PATH").Split(System.IO.Path.PathSeparator)
        .Any(folder => System.IO.File.Exists(System.IO.Path.Combine(folder, program)));

bool HasApt => OnPath("apt-get") && OnPath("dpkg-query");

// libtorch, and what compiles the shim that calls it.
void RequireLibtorch()
{
    var packages = new List<string>();
    var libtorch = EnvironmentVariable("LIBTORCH", "");
    if (libtorch == "")
        packages.AddRange(["libtorch-dev", "libopenblas0-pthread"]);
    else if (new[] { "include", "lib" }.FirstOrDefault(part => !DirectoryExists($"{libtorch}/{part}")) is { } absent)
        throw new CakeException($"LIBTORCH is '{libtorch}', where there is no '{absent}' folder: name a libtorch with include/ and lib/, for example a Python wheel's torch folder, or unset it to use Debian's.");
    if (!OnPath("g++") && !OnPath("clang++")) packages.Add("g++");
    if (!OnPath("cmake")) packages.Add("cmake");
    if (!OnPath("make") && !OnPath("ninja")) packages.Add("make");

    if (HasApt)
        Install("The system binding", packages);
    else if (packages.Count > 0)
        throw new CakeException($"The system binding needs what Debian calls {string.Join(", ", packages)}: install them (a libtorch elsewhere is named by LIBTORCH) and run this again.");
}

// Audio files are read through libsndfile.
void RequireLibsndfile()
{
    if (HasApt)
        Install("Reading audio files", ["libsndfile1"]);
    else if (!new[] { "libsndfile.so.1", "libsndfile.1.dylib", "sndfile.dll" }.Any(name => System.Runtime.InteropServices.NativeLibrary.TryLoad(name, out _)))
        Warning("Reading audio files needs libsndfile 1.0.31 or newer: install it.");
}

// Tests train small SentencePiece models and compare with them; where the programs are missing these tests are skipped.
void InstallSentencePiece()
{
    if (HasApt)
        Install("Comparing tokenizers", ["sentencepiece"]);
}

// The benchmarks' peers; where they are missing on another system the benchmarks show our own times alone.
void InstallPeers()
{
    if (HasApt)
        Install("Timing against peers", ["python3-torch", "python3-torchaudio", "python3-packaging", "libsoxr0"]);
}

void Install(string what, IEnumerable<string> packages)
{
    var missing = packages.Where(package => !Output("dpkg-query", $"-W -f=${{Status}} {package}").Contains("install ok installed")).ToArray();
    if (missing.Length == 0)
        return;

    Information($"{what} needs, and this machine lacks: {string.Join(", ", missing)}");
    var install = $"apt-get install -y --no-install-recommends {string.Join(' ', missing)}";
    var updated = RefreshPackageLists(missing);
    if (AsRoot(install) || (!updated && AsRoot("apt-get update") && AsRoot(install)))
        return;
    throw new CakeException($"'{install}' failed (see above): install {string.Join(", ", missing)} by hand and run this again.");
}

// A fresh image ships without package lists; where they know the packages they are left alone. Returns whether it updated them.
bool RefreshPackageLists(params string[] packages) =>
    packages.Any(package => Output("apt-cache", $"show --no-all-versions {package}") == "") && AsRoot("apt-get update");

bool AsRoot(string command)
{
    if (!System.Environment.IsPrivilegedProcess && !OnPath("sudo"))
        throw new CakeException($"Run this as root, then run the build again: {command}");
    var line = $"{(System.Environment.IsPrivilegedProcess ? "" : "sudo ")}env DEBIAN_FRONTEND=noninteractive {command}";
    Information($"> {line}");
    var parts = line.Split(' ', 2);
    return StartProcess(parts[0], parts[1]) == 0;
}

string Output(string program, string arguments)
{
    StartProcess(program, new ProcessSettings { Arguments = arguments, RedirectStandardOutput = true, RedirectStandardError = true }, out var lines);
    return string.Join('\n', lines);
}
