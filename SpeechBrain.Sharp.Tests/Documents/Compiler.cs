using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>Compiles programs against all that the tests run on: the framework, the library, TorchSharp.</summary>
internal static class Compiler
{
    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(file => MetadataReference.CreateFromFile(file)),
    ]);

    /// <summary>C# 14, with the directives of single-file programs (<c>#:project</c>).</summary>
    internal static CSharpParseOptions Parsing { get; } =
        new CSharpParseOptions(LanguageVersion.CSharp14).WithFeatures([new("FileBasedProgram", "true")]);

    /// <summary>What the SDK imports by itself into a console program, but for its HTTP client.</summary>
    internal static IReadOnlyList<string> UsualNamespaces { get; } =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks"];

    /// <summary>A console program of some sources. It sees public members alone.</summary>
    internal static CSharpCompilation Compile(string name, params IEnumerable<string> sources) => CSharpCompilation.Create(
        name, sources.Select(source => CSharpSyntaxTree.ParseText(source, Parsing)), References.Value,
        new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, specificDiagnosticOptions: SilentInTheSdk));

    // Libraries compiled for an older .NET, as TorchSharp's package is: the SDK silences these two as well.
    private static KeyValuePair<string, ReportDiagnostic>[] SilentInTheSdk { get; } =
        [new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)];
}
