namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Reads the command lines of commands that need a recipe.</summary>
internal static class RecipeOptions
{
    internal static T Parse<T>(IReadOnlyList<string> arguments)
        where T : class, IRecipeOptions, new()
    {
        var options = OptionParser.Parse<T>(arguments);
        if (options.Recipe is { } file)
        {
            // The file lies between the defaults and the command line.
            options = new T();
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
            string option = Setting.Of(typeof(T)).First(setting => setting.Name == e.Name).Option;
            throw new UsageException($"Option '{option}' is '{e.Value}'; it must be {e.Range}.");
        }
    }
}
