using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Options of <c>profile</c>: a recipe, as <c>train</c> has it, and how much of it.</summary>
internal sealed record ProfileOptions : IRecipeOptions
{
    [Description("YAML file with other values than the defaults, by the same names with _ for -")]
    public string? Recipe { get; init; }

    [Description("steps (batches) that are timed, after three that are not")]
    public int Steps { get; init; } = 10;

    [Description("noise and random letters, as long as LibriSpeech's utterances, in place of the recipe's data")]
    public bool RandomData { get; init; }

    [Description("")]
    public Recipe Settings { get; init; } = new();

    internal static ProfileOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = RecipeOptions.Parse<ProfileOptions>(arguments);
        if (options.Steps is < 1 or > 1_000_000)
            throw new UsageException($"Option '--steps' is '{options.Steps}'; it must be 1 to 1000000.");
        return options;
    }
}
