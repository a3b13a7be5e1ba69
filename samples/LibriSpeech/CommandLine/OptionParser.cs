using System.Text;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Fills an options record from a command line. A property <c>BatchSize</c> is the option <c>--batch-size</c>; its value follows after a space or
/// '='; its description is the help text and its initial value the default. See <see cref="Setting"/>.
/// </summary>
internal static class OptionParser
{
    /// <param name="arguments">the command line</param>
    /// <param name="rest">takes what is no option; null: that is an error</param>
    internal static T Parse<T>(IReadOnlyList<string> arguments, ICollection<string>? rest = null)
        where T : class, new()
    {
        var options = new T();
        Apply(arguments, options, rest);
        return options;
    }

    /// <summary>Sets what the command line says in a record that nobody else has seen yet.</summary>
    internal static void Apply<T>(IReadOnlyList<string> arguments, T options, ICollection<string>? rest = null)
        where T : class
    {
        var settings = Setting.Of(typeof(T));
        for (var i = 0; i < arguments.Count; i++)
        {
            if (rest is not null && !arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                rest.Add(arguments[i]);
                continue;
            }

            var (name, value) = Split(arguments[i]);
            var setting = settings.FirstOrDefault(known => known.Option == name) ?? throw new UsageException(Unknown(settings, name));
            if (value is null && i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal)
                && (setting.Type != typeof(bool) || bool.TryParse(arguments[i + 1], out _)))
                value = arguments[++i];
            if (value is null && setting.Type == typeof(bool))
                value = "true";
            // An empty value comes of a shell variable that is not set.
            if (string.IsNullOrEmpty(value))
                throw new UsageException($"Option '{name}' needs a value.");
            try
            {
                setting.Set(options, SettingValue.Parse(setting.Type, value));
            }
            catch (FormatException e)
            {
                throw new UsageException($"Option '{name}' is '{value}', which is not {e.Message}.");
            }
        }
    }

    /// <summary>A line an option: name, what it does, default; a heading for each group.</summary>
    internal static string Help<T>()
        where T : class, new()
    {
        var defaults = new T();
        var settings = Setting.Of(typeof(T));
        int width = Math.Max(20, settings.Max(setting => setting.Option.Length));
        var help = new StringBuilder();
        string? group = null;
        foreach (var setting in settings)
        {
            if (setting.Group != group && setting.Group is { Length: > 0 })
                help.Append($"  {setting.Group}:\n");
            group = setting.Group;
            var initial = SettingValue.Format(setting.Get(defaults));
            help.Append($"  {setting.Option.PadRight(width)}  {setting.Description}{(initial.Length == 0 ? "" : $" [{initial}]")}\n");
        }

        return help.ToString();
    }

    private static (string Name, string? Value) Split(string argument) =>
        argument.IndexOf('=', StringComparison.Ordinal) is var equals and > 0 ? (argument[..equals], argument[(equals + 1)..]) : (argument, null);

    private static string Unknown(IReadOnlyList<Setting> settings, string name)
    {
        var what = name.StartsWith('-') ? $"Unknown option '{name}'" : $"'{name}' is not an option";
        return NearestName.Of(name, settings.Select(setting => setting.Option)) is { Distance: <= 3 } nearest
            ? $"{what}; did you mean '{nearest.Name}'?"
            : $"{what}; --help lists the options.";
    }
}
