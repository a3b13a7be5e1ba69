using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Options of <c>train</c>: a recipe, from a file if one is named, with what the command line changes in it.</summary>
internal sealed record TrainOptions : IRecipeOptions
{
    [Description("YAML file with other values than the defaults below, by the same names with _ for -")]
    public string? Recipe { get; init; }

    [Description("begin anew where an earlier training left checkpoints; else it is resumed")]
    public bool Restart { get; init; }

    [Description("")]
    public Recipe Settings { get; init; } = new();

    internal static TrainOptions Parse(IReadOnlyList<string> arguments) => RecipeOptions.Parse<TrainOptions>(arguments);
}
