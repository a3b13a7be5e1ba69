namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>The recipe of a training, in the folder of its output: what it was trained with, and what it must be resumed with.</summary>
internal static class SavedRecipe
{
    private const string FileName = "recipe.yaml";

    internal static void Write(Recipe recipe) => RecipeFile.Write(Path.Combine(recipe.OutputFolder, FileName), recipe);

    /// <summary>The recipe of the training in a folder.</summary>
    /// <exception cref="UserException">There is none, or somebody damaged it.</exception>
    internal static Recipe Read(string folder)
    {
        var saved = new Recipe();
        RecipeFile.Apply(Path.Combine(folder, FileName), saved);
        return saved;
    }

    /// <summary>Refuses to resume a training by another recipe.</summary>
    /// <exception cref="UserException">A setting differs that has a part in what is learnt.</exception>
    internal static void RequireSame(Recipe recipe)
    {
        string file = Path.Combine(recipe.OutputFolder, FileName);
        if (!File.Exists(file))
            throw new UserException($"'{recipe.OutputFolder}' holds checkpoints, but no {FileName} that says of what training; name another --output-folder.");
        var saved = Read(recipe.OutputFolder);
        string[] others = [.. Setting.Of(typeof(Recipe)).Where(setting => !setting.MayChange).Where(Differs).Select(Difference)];
        if (others.Length > 0)
            throw new UserException($"'{recipe.OutputFolder}' holds a training by another recipe: {string.Join(", ", others)}. "
                + "Give what it was begun with to go on, --restart to begin anew, or another --output-folder.");

        bool Differs(Setting setting) => Text(setting, saved) != Text(setting, recipe);
        string Difference(Setting setting) => $"{setting.Key} was '{Text(setting, saved)}' and is '{Text(setting, recipe)}'";
        static string Text(Setting setting, Recipe of) => SettingValue.Format(setting.Get(of));
    }
}
