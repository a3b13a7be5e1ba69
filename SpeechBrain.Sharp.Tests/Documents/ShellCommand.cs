using System.Text.RegularExpressions;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>A command of a shell, in words: what a document tells its reader to type.</summary>
internal sealed partial record ShellCommand(string[] Words)
{
    internal static IEnumerable<ShellCommand> Of(CodeBlock block) => Parse(block.Code);

    /// <summary>The commands of some lines, without prompts, comments, settings of variables and the brackets around what may be left out.</summary>
    internal static IEnumerable<ShellCommand> Parse(string lines) =>
        from line in Continued.Replace(lines.ReplaceLineEndings("\n"), " ").Split('\n')
        from part in Joined.Split(Comment.Replace(line, ""))
        let written = Word.Matches(part).Select(word => word.Value.Trim('\'', '"', '[', ']'))
        let words = written.SkipWhile(word => word is "$" or "sudo" || Setting.IsMatch(word)).ToArray()
        where words.Length > 0
        select new ShellCommand(words);

    /// <summary>Why it can't work; null: it can, or it is no command of this repository's.</summary>
    internal string? Complaint() => Words switch
    {
        ["./build.sh" or "./build.ps1", .. var arguments] => OfBuild(arguments),
        ["dotnet", "run", .. var arguments] => OfProgram(arguments),
        ["dotnet", "build" or "test" or "pack" or "restore", .. var arguments] =>
            arguments.TakeWhile(word => word != "--").Take(1).Where(word => !word.StartsWith('-')).Select(Missing).FirstOrDefault(),
        _ => null,
    };

    private static string? OfBuild(string[] arguments)
    {
        string known = File.ReadAllText(Path.Combine(Checkout.Root, "build", "options.cake"));
        var own = arguments.TakeWhile(word => word != "--").ToArray();
        foreach (string option in own.Where(word => word is not "--help"))
            if (!known.Contains($"\"{option.Split('=')[0]}\"", StringComparison.Ordinal))
                return $"no option '{option.Split('=')[0]}' of build.sh";
        string target = own.LastOrDefault(word => word.StartsWith("--target=", StringComparison.Ordinal))?["--target=".Length..] ?? "Test";
        if (!Targets.Match(known).Groups[1].Value.Split(", ").Contains(target))
            return $"no target '{target}'";
        return (target, arguments[own.Length..]) switch
        {
            ("Sample", ["--", .. var rest]) => OfSample(rest),
            ("Bench", ["--", .. var rest]) => OfBenchmarks(rest),
            (_, []) => null,
            _ => $"nothing of target '{target}' takes '{string.Join(' ', arguments[own.Length..])}'",
        };
    }

    private static string? OfProgram(string[] arguments)
    {
        var own = arguments.TakeWhile(word => word != "--").ToArray();
        int named = Array.IndexOf(own, "--project");
        // '-c' and '-f' are followed by their value.
        string? program = named >= 0
            ? own.ElementAtOrDefault(named + 1)
            : own.Where((word, i) => !word.StartsWith('-') && (i == 0 || own[i - 1] is not ("-c" or "-f"))).FirstOrDefault();
        if (program is null)
            return null;
        if (Missing(program) is { } missing)
            return missing;
        string[] rest = arguments.Length > own.Length ? arguments[(own.Length + 1)..] : [];
        return program.TrimEnd('/') switch
        {
            "samples/LibriSpeech" => OfSample(rest),
            "benchmarks" => OfBenchmarks(rest),
            _ => null,
        };
    }

    // The help names every command and every option.
    private static string? OfSample(string[] arguments)
    {
        var help = new StringWriter();
        Commands.Run(["--help"], help, help);
        string[] command = [.. arguments.Take(1).Where(word => !word.StartsWith('-'))];
        if (command is [var name] && !help.ToString().Contains($"LibriSpeech {name} ", StringComparison.Ordinal))
            return $"no command '{name}' of the sample";
        Commands.Run([.. command, "--help"], help, help);
        return Unknown(arguments, option => Regex.IsMatch(help.ToString(), $@"(^|\s){option}\b(?!-)", RegexOptions.Multiline), "the sample");
    }

    private static string? OfBenchmarks(string[] arguments)
    {
        string source = File.ReadAllText(Path.Combine(Checkout.Root, "benchmarks", "BenchOptions.cs"));
        return Unknown(arguments, option => source.Contains($"\"{option}\"", StringComparison.Ordinal), "the benchmarks");
    }

    private static string? Unknown(string[] arguments, Func<string, bool> known, string whose) =>
        arguments.Where(word => word.StartsWith("--", StringComparison.Ordinal)).Select(word => word.Split('=')[0])
            .Where(option => option != "--help" && !known(option)).Select(option => $"no option '{option}' of {whose}").FirstOrDefault();

    private static string? Missing(string path) => Path.Exists(Path.Combine(Checkout.Root, path)) ? null : $"no '{path}'";

    [GeneratedRegex(@"\\\n")]
    private static partial Regex Continued { get; }

    [GeneratedRegex(@"&&|\|\||[;|]")]
    private static partial Regex Joined { get; }

    [GeneratedRegex(@"(^|\s)#.*$")]
    private static partial Regex Comment { get; }

    [GeneratedRegex("""'[^']*'|"[^"]*"|\S+""")]
    private static partial Regex Word { get; }

    [GeneratedRegex(@"^\w+=")]
    private static partial Regex Setting { get; }

    [GeneratedRegex("Targets = \"([^\"]+)\"")]
    private static partial Regex Targets { get; }
}
