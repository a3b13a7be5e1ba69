// Runs a test project as the program it is, shows what it prints and counts from its summary.

record Counts(int Passed = 0, int Failed = 0, int Skipped = 0)
{
    public static Counts operator +(Counts a, Counts b) => new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped);
    public int Total => Passed + Failed + Skipped;
    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}

Counts RunTests(string project, string configuration, string filter)
{
    const int NoTestMatches = 8;
    var found = new Dictionary<string, int>();
    var exit = StartProcess("dotnet", new ProcessSettings
    {
        Arguments = Quoted([$"{project}/bin/{configuration}/net10.0/{project}.dll", .. filter == null ? Array.Empty<string>() : ["--filter", filter]]),
        RedirectStandardOutput = true,
        RedirectedStandardOutputHandler = line =>
        {
            Console.WriteLine(line);
            var summary = System.Text.RegularExpressions.Regex.Match(line ?? "", @"^\s+(failed|succeeded|skipped): (\d+)$");
            if (summary.Success)
                found[summary.Groups[1].Value] = int.Parse(summary.Groups[2].Value);
            return null;
        },
    });

    var counts = new Counts(found.GetValueOrDefault("succeeded"), found.GetValueOrDefault("failed"), found.GetValueOrDefault("skipped"));
    if (exit is 0 or NoTestMatches || counts.Failed > 0)
        return counts;
    Error($"{project} ended with exit code {exit}; that counts as a failed test.");
    return counts with { Failed = 1 };
}
