// Which TorchSharp to build against; docs/decisions/0001-two-bindings.md says why there are two.

const string BindingRecord = "TorchBinding.props";
const string Probe = "artifacts/probe/Probe.csproj";

string RecordedBinding() => FileExists(BindingRecord) ? XmlPeek(BindingRecord, "/Project/PropertyGroup/TorchBinding/text()") : null;

void RecordBinding(string binding, string version, string reason) => System.IO.File.WriteAllText(BindingRecord, $"""
    <Project>
      <!-- Written by the build's Configure target ({reason}); its option 'torch' changes it. -->
      <PropertyGroup>
        <TorchBinding>{binding}</TorchBinding>{(version == null ? "" : $"\n    <TorchSharpVersion Condition=\"'$(TorchSharpVersion)' == ''\">{version}</TorchSharpVersion>")}
      </PropertyGroup>
    </Project>

    """);

// What the feed and this machine can do with the packages. Version: the lowest TorchSharp from the floor up that the feed has, null for none.
// WhyNot: why it can't be used, null if it can; Unloadable tells that it can be restored all the same.
record Packages(string Version, string WhyNot, bool Unloadable = false);

// Asks in two steps: TorchSharp alone, some 40 MB with all it needs, whose native library tells what it asks of the system; only where the system
// has that, libtorch, of hundreds of MB. With force the second step is taken whatever the first says.
Packages AskForPackages(bool force)
{
    Information("Asking the NuGet feed for TorchSharp ...");
    // A feed without the floor resolves the next newer one with a warning (NU1603), which is an error everywhere but here.
    if (WhyNotRestored("managed", "-p:TreatWarningsAsErrors=false") is { } missing)
        return new(null, missing);
    using var assets = System.Text.Json.JsonDocument.Parse(System.IO.File.ReadAllText("artifacts/probe/obj/project.assets.json"));
    var (root, found) = (assets.RootElement, assets.RootElement.GetProperty("libraries").EnumerateObject().Single(l => l.Name.StartsWith("TorchSharp/")));
    var version = found.Name.Split('/')[1];
    var folder = root.GetProperty("packageFolders").EnumerateObject().Select(f => System.IO.Path.Combine(f.Name, found.Value.GetProperty("path").GetString())).First(System.IO.Directory.Exists);

    var unloadable = WhyNotLoadable(version, folder);
    if (unloadable != null && !force)
        return new(version, unloadable, Unloadable: true);
    return WhyNotRestored("runnable", $"-p:TorchSharpVersion={version}") is { } lacking
        ? new(null, $"TorchSharp {version} can't be restored with a libtorch: {lacking}")
        : new(version, unloadable, Unloadable: unloadable != null);
}

// Restores a project that needs TorchSharp. Null: it worked; otherwise NuGet's first complaint.
string WhyNotRestored(string reference, string property)
{
    EnsureDirectoryExists("artifacts/probe");
    System.IO.File.WriteAllText(Probe, $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TorchReference>{reference}</TorchReference>
          </PropertyGroup>
        </Project>
        """);
    var exit = StartProcess("dotnet", new ProcessSettings
    {
        Arguments = $"restore {Probe} --force -p:TorchBinding=nuget {property} -v:quiet",
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    }, out var lines);
    return exit == 0 ? null : lines.Select(line => line.Split(" error ", 2)).FirstOrDefault(parts => parts.Length == 2)?[1].Trim() ?? $"dotnet restore ended with {exit}";
}

// Null: the native library of the package would load here. The symbol versions that it names must be among those that the C and C++ libraries offer;
// the dynamic loader compares the same names. Systems but Linux ship their C++ library with the program or the system: only the file is looked for.
string WhyNotLoadable(string version, string package)
{
    var runtime = $"{(IsRunningOnWindows() ? "win" : IsRunningOnMacOs() ? "osx" : "linux")}-{System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    var natives = System.IO.Path.Combine(package, "runtimes", runtime, "native");
    var library = System.IO.Directory.Exists(natives) ? System.IO.Directory.GetFiles(natives, "*LibTorchSharp.*").FirstOrDefault() : null;
    if (library == null)
        return $"TorchSharp {version} has no native library for {runtime}";
    if (!IsRunningOnLinux())
        return null;

    var offered = new HashSet<string>();
    // Not on the path of users who are not root.
    var ldconfig = new[] { "/sbin/ldconfig", "/usr/sbin/ldconfig" }.FirstOrDefault(System.IO.File.Exists);
    var known = ldconfig == null ? [] : Output(ldconfig, "-p").Split('\n').Where(line => line.Contains("x86-64") == (runtime == "linux-x64")).ToArray();
    foreach (var name in new[] { "libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1" })
        if (known.FirstOrDefault(line => line.Contains($"{name} ")) is { } found)
            offered.UnionWith(SymbolVersions(found.Split("=> ")[1].Trim()));
    if (offered.Count == 0)
        return null; // not a glibc that we know how to ask: the loader will tell
    var missing = SymbolVersions(library).Except(offered).OrderBy(name => name).ToArray();
    return missing.Length == 0 ? null : $"TorchSharp {version}'s native library needs {string.Join(", ", missing)}, which the C and C++ libraries of this machine lack";
}

// The names in a library's version tables, for instance GLIBCXX_3.4.32: read as text, since they lie there as plain strings.
static IEnumerable<string> SymbolVersions(string library) =>
    System.Text.RegularExpressions.Regex.Matches(
        System.Text.Encoding.Latin1.GetString(System.IO.File.ReadAllBytes(library)), @"(?<=\0)(GLIBC|GLIBCXX|CXXABI|GCC)_\d+(\.\d+)+(?=\0)")
        .Select(match => match.Value).Distinct();
