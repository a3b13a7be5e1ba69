namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Options of a command that needs a recipe: from a file if one is named, with what the command line changes in it.</summary>
internal interface IRecipeOptions
{
    /// <summary>The file; null: the defaults.</summary>
    string? Recipe { get; }

    /// <summary>The recipe.</summary>
    Recipe Settings { get; }
}
