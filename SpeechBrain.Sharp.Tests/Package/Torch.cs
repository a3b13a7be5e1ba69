using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Package;

/// <summary>The TorchSharp that the tests run on, for a project that restores packages.</summary>
internal static class Torch
{
    private const string Native = "libSystemLibTorch.so";

    /// <summary>Whether it is the system binding.</summary>
    internal static bool IsSystem => File.Exists(Path.Combine(AppContext.BaseDirectory, Native));

    /// <summary>
    /// Sees to it that a project with a feed has it. The system binding goes into the feed as package TorchSharp; the packages are on the machine.
    /// Returns the reference that the project needs besides.
    /// </summary>
    internal static string Bring(string feed)
    {
        if (IsSystem)
        {
            PackSystemBinding(feed);
            return "";
        }

        using var tests = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "SpeechBrain.Sharp.Tests.deps.json")));
        string[] libtorch = tests.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name)
            .Single(name => name.StartsWith("TorchSharp-c", StringComparison.Ordinal)).Split('/');
        return $"""<PackageReference Include="{libtorch[0]}" Version="{libtorch[1]}" />""";
    }

    // A package is a ZIP file with a description in it.
    private static void PackSystemBinding(string feed)
    {
        var name = typeof(torch).Assembly.GetName();
        string version = name.Version!.ToString(3), architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        using var package = ZipFile.Open(Path.Combine(feed, $"TorchSharp.{version}.nupkg"), ZipArchiveMode.Create);
        using (var nuspec = new StreamWriter(package.CreateEntry("TorchSharp.nuspec").Open()))
            nuspec.Write($"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata>
                    <id>TorchSharp</id>
                    <version>{version}</version>
                    <authors>SpeechBrain.Sharp.Tests</authors>
                    <description>The system binding.</description>
                    <dependencies><group targetFramework="net10.0" /></dependencies>
                  </metadata>
                </package>
                """);
        package.CreateEntryFromFile(Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll"), "lib/net10.0/TorchSharp.dll");
        package.CreateEntryFromFile(Path.Combine(AppContext.BaseDirectory, Native), $"runtimes/linux-{architecture}/native/{Native}");
    }
}
