namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>Options with defaults, for the tests of the API reference.</summary>
public sealed record DeclaredOptions
{
    public long Count { get; init; } = 80;

    public IReadOnlyList<long> Sizes { get; init; } = [64, 32];

    public DayOfWeek? Day { get; init; } = DayOfWeek.Friday;

    public string? Text { get; init; }
}
