// The command line: everything after "--target=..." and its like is checked before any work; what follows a second "--" belongs to the program run.

record Options(string Target, string Torch, string Filter, string Configuration, string[] Rest)
{
    const string Targets = "Configure, Build, Test, Sample, Bench, Pack, Docs, GpuKit, Format, Clean";

    public const string Usage = $"""
        ./build.sh [--target=Test] [options] [-- arguments of the program that Sample or Bench runs]
          --target=X           {Targets}
          --torch=nuget        build against the TorchSharp packages; --torch=system: against the libtorch on this machine
          --filter=TEXT        tests or benchmarks to run
          --configuration=X    Release (the default) or Debug
        """;

    public static Options Parse(IEnumerable<string> arguments)
    {
        var own = arguments.TakeWhile(a => a != "--").ToArray();
        var given = new Dictionary<string, string>();
        foreach (var argument in own)
        {
            var parts = argument.Split('=', 2);
            var isKnown = parts[0] is "--target" or "--torch" or "--filter" or "--configuration";
            if (isKnown && (parts.Length < 2 || parts[1] == ""))
                throw new ArgumentException($"Option '{parts[0]}' needs a value, written '{parts[0]}=VALUE'.");
            if (!isKnown)
                throw new ArgumentException($"Unknown option '{argument}'. Known: --target=X, --torch=nuget|system, --filter=TEXT, --configuration=X, --help.");
            given[parts[0]] = parts[1];
        }

        string Choice(string option, string fallback, params string[] known)
        {
            var value = given.GetValueOrDefault(option, fallback);
            return value == fallback ? value : known.FirstOrDefault(k => k.Equals(value, StringComparison.OrdinalIgnoreCase))
                ?? throw new ArgumentException($"Unknown value in '{option}={value}'. Known: {string.Join(", ", known)}.");
        }

        return new Options(
            Choice("--target", "Test", Targets.Split(", ")),
            Choice("--torch", null, "nuget", "system"),
            given.GetValueOrDefault("--filter"),
            Choice("--configuration", "Release", "Release", "Debug"),
            arguments.Skip(own.Length + 1).ToArray());
    }
}
