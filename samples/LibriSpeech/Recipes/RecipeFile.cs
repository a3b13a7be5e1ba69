using System.Text;
using SpeechBrain.Sharp.Serialization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// A recipe as a YAML file: SpeechBrain's names, each with a value or a list of values. (SpeechBrain's own files also make Python objects, by
/// <c>!new:</c> and the like; what is set there in their arguments has a name of its own here.)
/// </summary>
internal static class RecipeFile
{
    /// <summary>Changes a recipe that nobody else has seen yet to what a file says.</summary>
    /// <exception cref="UserException">There is no such file, or something in it is wrong; the message names the file, the line and the key.</exception>
    internal static void Apply(string file, Recipe recipe)
    {
        if (!File.Exists(file))
            throw new UserException($"There is no recipe '{file}'; --recipe names a YAML file.");
        var lines = new Dictionary<string, long>();
        try
        {
            using var reader = new StreamReader(file);
            Read(new Parser(reader), file, recipe, lines);
            recipe.Check();
        }
        catch (YamlException e)
        {
            throw new UserException($"'{file}', line {e.Start.Line}: this is no YAML: {e.InnerException?.Message ?? e.Message}", e);
        }
        catch (RangeException e) when (Setting.Of(typeof(Recipe)).First(setting => setting.Name == e.Name).Key is var key)
        {
            // A bound may hang on another setting, whose line it is then.
            string line = lines.TryGetValue(key, out long number) ? $", line {number}" : "";
            throw new UserException($"'{file}'{line}: {key} is '{e.Value}'; it must be {e.Range}.", e);
        }
    }

    /// <summary>Writes a recipe, every key with what it does.</summary>
    internal static void Write(string file, Recipe recipe)
    {
        var yaml = new StringBuilder();
        string? group = null;
        foreach (var setting in Setting.Of(typeof(Recipe)))
        {
            if (setting.Group != group)
                yaml.Append($"\n# {group = setting.Group}\n");
            if (setting.Get(recipe) is { } value)
                yaml.Append($"{setting.Key}: {Text(setting, value)} # {setting.Description}\n");
        }
        AtomicFile.Write(file, temporary => File.WriteAllText(temporary, yaml.ToString()));
    }

    private static void Read(Parser parser, string file, Recipe recipe, Dictionary<string, long> lines)
    {
        var settings = Setting.Of(typeof(Recipe)).ToDictionary(setting => setting.Key);
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
            return;
        parser.Consume<DocumentStart>();
        Wanted<MappingStart>("a recipe is 'key: value' on each line");
        while (!parser.Accept<MappingEnd>(out _))
        {
            var key = Wanted<Scalar>("here a key is wanted");
            if (!settings.TryGetValue(key.Value, out var setting))
            {
                RefuseObjects(); // what SpeechBrain's own file has; the first of its tags says more than an unknown key does
                string near = NearestName.Of(key.Value, settings.Keys)!.Value.Name;
                throw Wrong(key, $"unknown key '{key.Value}'; the nearest known one is '{near}'");
            }
            if (!lines.TryAdd(key.Value, key.Start.Line))
                throw Wrong(key, $"'{key.Value}' was set in line {lines[key.Value]} already; remove one");
            setting.Set(recipe, Value(setting));
        }
        parser.Consume<MappingEnd>();
        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out _))
            throw Wrong(parser.Current!, "here begins a second document; a recipe is one");

        object? Value(Setting setting)
        {
            RefuseObjects();
            if (SettingValue.Element(setting.Type) is { } element && parser.TryConsume<SequenceStart>(out var start))
            {
                List<string> texts = [];
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    RefuseObjects();
                    texts.Add(Wanted<Scalar>($"'{setting.Key}' needs plain values in its list").Value);
                }
                return Parsed(setting, start, string.Join(", ", texts), () => SettingValue.ParseList(element, texts));
            }
            var scalar = Wanted<Scalar>($"'{setting.Key}' needs {(SettingValue.Element(setting.Type) is null ? "one value" : "a list of values")}");
            if (scalar.Value.Length == 0 || (scalar.Style == ScalarStyle.Plain && scalar.Value is "null" or "~"))
                return IsOptional(setting) ? null : throw Wrong(scalar, $"'{setting.Key}' needs a value");
            return Parsed(setting, scalar, scalar.Value, () => SettingValue.Parse(setting.Type, scalar.Value));
        }

        object Parsed(Setting setting, ParsingEvent place, string text, Func<object> parse)
        {
            try
            {
                return parse();
            }
            catch (FormatException e)
            {
                throw Wrong(place, $"{setting.Key} is '{text}', which is not {e.Message}");
            }
        }

        TEvent Wanted<TEvent>(string what)
            where TEvent : ParsingEvent =>
            parser.TryConsume<TEvent>(out var found) ? found : throw Wrong(parser.Current!, what);

        // Python's objects and references to other keys: HyperPyYAML's additions to YAML.
        void RefuseObjects()
        {
            if (parser.Current is NodeEvent { Tag: { IsEmpty: false } tag } node)
                throw Wrong(node, $"'{tag.Value}' is SpeechBrain's way to refer to keys and to make Python objects, which is not read here; "
                    + "Recipes/conformer_transducer.yaml has the values of SpeechBrain's recipe as plain keys");
            if (parser.Current is AnchorAlias)
                throw Wrong(parser.Current, "aliases are not read here; write the value");
        }

        UserException Wrong(ParsingEvent place, string what) => new($"'{file}', line {place.Start.Line}: {what}.");
    }

    // Optional settings are null where nobody says anything.
    private static bool IsOptional(Setting setting) => setting.Get(new Recipe()) is null;

    private static string Text(Setting setting, object value)
    {
        if (SettingValue.Element(setting.Type) is not null)
            return $"[{string.Join(", ", ((System.Collections.IEnumerable)value).Cast<object>().Select(Quoted))}]";
        return Quoted(value);

        static string Quoted(object one) =>
            one is string text && !(char.IsAsciiLetter(text.FirstOrDefault()) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '.' or '-')) ? $"'{text.Replace("'", "''")}'"
            : SettingValue.Format(one);
    }
}
