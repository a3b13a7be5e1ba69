// Which TorchSharp to build against; docs/decisions/0001-two-bindings.md says why there are two.

const string BindingRecord = "TorchBinding.props";

string RecordedBinding() => FileExists(BindingRecord) ? XmlPeek(BindingRecord, "/Project/PropertyGroup/TorchBinding/text()") : null;

void RecordBinding(string binding, string reason) => System.IO.File.WriteAllText(BindingRecord, $"""
    <Project>
      <!-- Written by the build's Configure target ({reason}); its option 'torch' changes it. -->
      <PropertyGroup>
        <TorchBinding>{binding}</TorchBinding>
      </PropertyGroup>
    </Project>

    """);

// Asks the feed by restoring a project that needs TorchSharp as the tests do. Null: it can be had; otherwise NuGet's first complaint.
string WhyNotFromFeed()
{
    EnsureDirectoryExists("artifacts/probe");
    System.IO.File.WriteAllText("artifacts/probe/Probe.csproj", """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TorchReference>runnable</TorchReference>
          </PropertyGroup>
        </Project>
        """);
    Information("Asking the NuGet feed for TorchSharp ...");
    var exit = StartProcess("dotnet", new ProcessSettings
    {
        Arguments = "restore artifacts/probe/Probe.csproj -p:TorchBinding=nuget -v:quiet",
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    }, out var lines);
    return exit == 0 ? null : lines.Select(line => line.Split(" error ", 2)).FirstOrDefault(parts => parts.Length == 2)?[1].Trim() ?? $"dotnet restore ended with {exit}";
}
