using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Options of <c>train</c>: a recipe, from a file if one is named, with what the command line changes in it.</summary>
internal sealed record TrainOptions
{
    [Description("YAML file with other values than the defaults below, by the same names with _ for -")]
    public string? Recipe { get; init; }

    [Description("begin anew where an earlier training left checkpoints; else it is resumed")]
    public bool Restart { get; init; }

    [Description("")]
    public Recipe Settings { get; init; } = new();

    internal static TrainOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = OptionParser.Parse<TrainOptions>(arguments);
        if (options.Recipe is { } file)
        {
            // The file lies between the defaults and the command line.
            options = new TrainOptions();
            RecipeFile.Apply(file, options.Settings);
            OptionParser.Apply(arguments, options);
        }
        try
        {
            options.Settings.Check();
            options.Settings.CheckTogether();
            return options;
        }
        catch (RangeException e)
        {
            string option = Setting.Of(typeof(TrainOptions)).First(setting => setting.Name == e.Name).Option;
            throw new UsageException($"Option '{option}' is '{e.Value}'; it must be {e.Range}.");
        }
    }
}
