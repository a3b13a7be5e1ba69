using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;
using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Documents;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Package;

/// <summary>The library as others get it: packed, restored from a folder into a project of its own, compiled and run there.</summary>
public sealed class PackageTests
{
    private TestFolder folder = null!;
    private ZipArchive package = null!;
    private XElement metadata = null!;

    [OneTimeSetUp]
    public void Pack()
    {
        folder = new();
        string project = Path.Combine(Checkout.Root, "SpeechBrain.Sharp", "SpeechBrain.Sharp.csproj");
        DotNet.Run(Checkout.Root, [], ["pack", project, "--output", folder["feed"], "--nologo", .. HowToPack(folder["made"])]);
        package = ZipFile.OpenRead(Directory.GetFiles(folder["feed"], "SpeechBrain.Sharp.*.nupkg").Single());
        using var nuspec = package.GetEntry("SpeechBrain.Sharp.nuspec")!.Open();
        metadata = XElement.Load(nuspec).Elements().Single();
    }

    [OneTimeTearDown]
    public void RemoveFolder()
    {
        package?.Dispose();
        folder?.Dispose();
    }

    /// <summary>
    /// As a user's script: it knows the package and a libtorch. Where the tests run on the system binding, the feed has that under TorchSharp's name,
    /// for TorchSharp's own packages can't be had, or don't load, there.
    /// </summary>
    [Test]
    public void AProjectOfItsOwnTrainsWithIt()
    {
        string packages = Packages(), consumer = folder["consumer/"];
        var torch = Torch.Bring(folder["feed"]);
        File.WriteAllText(folder["consumer/NuGet.config"], $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{folder["feed"]}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="machine" value="{packages}" /></fallbackPackageFolders>
            </configuration>
            """);
        File.WriteAllText(folder["consumer/Consumer.csproj"], $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="SpeechBrain.Sharp" Version="{Value("version")}" />
                {torch}
              </ItemGroup>
            </Project>
            """);
        File.Copy(Path.Combine(Checkout.Root, "SpeechBrain.Sharp.Tests", "Package", "Consumer", "Train.cs"), folder["consumer/Train.cs"]);
        var before = Directory.GetDirectories(packages);

        string printed = DotNet.Run(consumer, [("NUGET_PACKAGES", folder["packages"])], ["run", "--property:UseSharedCompilation=false"]);

        Assert.That(printed.Split('\n').Count(line => line.StartsWith("step ", StringComparison.Ordinal)), Is.EqualTo(3), printed);
        Assert.That(Directory.Exists(folder["packages/speechbrain.sharp"]), Is.True, "restored from the package");
        Assert.That(Directory.GetDirectories(packages), Is.EqualTo(before), "the machine's own packages");
    }

    [Test]
    public void ItDependsOnTorchSharpAlone()
    {
        var dependency = metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Single();
        Assert.That(((string?)dependency.Attribute("id"), (string?)dependency.Attribute("version")), Is.EqualTo(("TorchSharp", "0.106.0")));
    }

    /// <summary>The oldest TorchSharp that it runs on, under the name that the package's assembly has; newer ones stand in for it.</summary>
    [Test]
    public void ItIsCompiledAgainstTheOldestTorchSharp()
    {
        package.GetEntry("lib/net10.0/SpeechBrain.Sharp.dll")!.ExtractToFile(folder["extracted/SpeechBrain.Sharp.dll"], overwrite: true);
        using var image = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(folder["extracted/SpeechBrain.Sharp.dll"]));
        var reader = System.Reflection.Metadata.PEReaderExtensions.GetMetadataReader(image);
        var references = reader.AssemblyReferences.Select(handle => reader.GetAssemblyReference(handle).GetAssemblyName());
        var torch = references.Single(name => name.Name == "TorchSharp");
        Assert.That(torch.FullName, Is.EqualTo("TorchSharp, Version=0.106.0.0, Culture=neutral, PublicKeyToken=67b0e5e1da516a1c"));
    }

    [Test]
    public void ItHoldsTheLibraryItsDocumentationAndItsPapers() => Assert.That(
        package.Entries.Select(entry => entry.FullName).Where(name => name.Split('/')[0] is not ("_rels" or "package")),
        Is.EquivalentTo(new[]
        {
            "[Content_Types].xml", "SpeechBrain.Sharp.nuspec", "README.md", "LICENSE", "CHANGELOG.md",
            "lib/net10.0/SpeechBrain.Sharp.dll", "lib/net10.0/SpeechBrain.Sharp.xml",
        }));

    [Test]
    public void ItsSymbolsComeBesideIt()
    {
        using var symbols = ZipFile.OpenRead(Directory.GetFiles(folder["feed"], "SpeechBrain.Sharp.*.snupkg").Single());
        Assert.That(symbols.GetEntry("lib/net10.0/SpeechBrain.Sharp.pdb"), Is.Not.Null);
    }

    [Test]
    public void ItSaysWhatItIs()
    {
        foreach (string name in new[] { "id", "version", "authors", "description", "tags", "releaseNotes" })
            Assert.That(Value(name), Is.Not.Null.And.Not.Empty, name);
        Assert.That(Value("license"), Is.EqualTo("Apache-2.0"));
        Assert.That(Value("readme"), Is.EqualTo("README.md"));
        Assert.That(metadata.ToString(), Does.Not.Contain(Checkout.Root), "a path of this machine");
        string? repository = (string?)metadata.Elements().SingleOrDefault(element => element.Name.LocalName == "repository")?.Attribute("url");
        Assert.That(repository, Is.Null.Or.StartsWith("https://"));
    }

    /// <summary>A package's page has no folder that a relative link could lead into, and shows comments.</summary>
    [Test]
    public void ItsReadmeStandsAlone()
    {
        using var reader = new StreamReader(package.GetEntry("README.md")!.Open());
        string text = reader.ReadToEnd();
        Assert.That(MarkdownDocument.Of(text).Links.Select(link => link.Url), Is.All.StartsWith("https://"));
        Assert.That(text, Does.Not.Contain("<!--"));
        string train = File.ReadAllText(Path.Combine(Checkout.Root, "SpeechBrain.Sharp.Tests", "Package", "Consumer", "Train.cs"));
        Assert.That(MarkdownDocument.Of(text).Blocks.Single(block => block.Language == "csharp").Code.ReplaceLineEndings("\n").Trim(),
            Is.EqualTo(train.ReplaceLineEndings("\n").Trim()), "its program is the one that is run here");
    }

    private string? Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;

    // What was built is packed as it is, if that is what a package may hold; else it is compiled as the Pack target of build.sh does.
    private static string[] HowToPack(string made)
    {
        string[] common = ["--configuration", typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration];
        return typeof(Functional).Assembly.GetReferencedAssemblies().Single(name => name.Name == "TorchSharp").Version == new Version(0, 106, 0, 0)
            ? [.. common, "--no-build", $"--property:TorchBinding={(Torch.IsSystem ? "system" : "nuget")}"]
            :
            [
                .. common, "--property:TorchBinding=system", "--property:LibTorchNative=false", $"--property:ArtifactsPath={made}",
                "--property:UseSharedCompilation=false",
            ];
    }

    private static string Packages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
