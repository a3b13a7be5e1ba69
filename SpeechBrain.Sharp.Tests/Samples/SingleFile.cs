using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Documents;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Samples;

/// <summary>A program of one file in <c>samples/</c>, compiled and run here as <c>dotnet run samples/NAME.cs</c> does elsewhere.</summary>
internal sealed partial class SingleFile
{
    private readonly MethodInfo main;

    internal SingleFile(string name)
    {
        string usings = string.Concat(Compiler.UsualNamespaces.Select(used => $"global using {used};"));
        Source = File.ReadAllText(Path.Combine(Folder, name));
        using var assembly = new MemoryStream();
        var made = Compiler.Compile($"Sample.{Path.GetFileNameWithoutExtension(name)}", usings, Source).Emit(assembly);
        Assert.That(made.Diagnostics.Where(found => found.Severity is DiagnosticSeverity.Error or DiagnosticSeverity.Warning), Is.Empty);
        main = Assembly.Load(assembly.ToArray()).EntryPoint!;
    }

    /// <summary>Where they are.</summary>
    internal static string Folder => Path.Combine(Checkout.Root, "samples");

    /// <summary>Names of all of them.</summary>
    internal static string[] Names => [.. Directory.GetFiles(Folder, "*.cs").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>Its text.</summary>
    internal string Source { get; }

    /// <summary>What the SDK is told by it: <c>#:kind value</c>.</summary>
    internal IEnumerable<(string Kind, string Value)> Directives =>
        Directive.Matches(Source).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    /// <summary>Runs it in a folder, which is left as it was but for what it writes; returns the lines that it prints.</summary>
    internal string[] Run(string folder, params string[] arguments)
    {
        var (console, here, threads) = (Console.Out, Environment.CurrentDirectory, get_num_threads());
        using var random = get_rng_state();
        using var printed = new StringWriter();
        try
        {
            Console.SetOut(printed);
            Environment.CurrentDirectory = folder;
            main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null);
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = here;
            set_num_threads(threads);
            set_rng_state(random);
        }

        return printed.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex(@"^#:(\w+) (.*)$", RegexOptions.Multiline)]
    private static partial Regex Directive { get; }
}
