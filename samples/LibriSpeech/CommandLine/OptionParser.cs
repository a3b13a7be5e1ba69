using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Fills an options record from a command line. A property <c>LearningRate</c> is the option <c>--learning-rate</c>; its value follows after a
/// space or '='; its <see cref="DescriptionAttribute"/> is the help text and its initial value the default.
/// </summary>
internal static class OptionParser
{
    /// <param name="arguments">the command line</param>
    /// <param name="rest">takes what is no option; null: that is an error</param>
    internal static T Parse<T>(IReadOnlyList<string> arguments, ICollection<string>? rest = null)
        where T : new()
    {
        var options = new T();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (rest is not null && !arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                rest.Add(arguments[i]);
                continue;
            }

            var (name, value) = Split(arguments[i]);
            var property = Properties<T>().FirstOrDefault(p => Name(p) == name) ?? throw new UsageException(Unknown<T>(name));
            if (value is null && property.PropertyType == typeof(bool))
                value = "true";
            if (value is null && i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
                value = arguments[++i];
            // An empty value comes of a shell variable that is not set.
            if (string.IsNullOrEmpty(value))
                throw new UsageException($"Option '{name}' needs a value.");
            property.SetValue(options, Convert(name, value, property.PropertyType));
        }

        return options;
    }

    /// <summary>A line an option: name, default, what it does.</summary>
    internal static string Help<T>()
        where T : new()
    {
        var defaults = new T();
        var help = new StringBuilder();
        foreach (var property in Properties<T>())
        {
            var initial = System.Convert.ToString(property.GetValue(defaults), CultureInfo.InvariantCulture);
            help.Append($"  {Name(property),-22}{property.GetCustomAttribute<DescriptionAttribute>()?.Description}")
                .AppendLine(string.IsNullOrEmpty(initial) ? "" : $" [{initial}]");
        }

        return help.ToString();
    }

    private static PropertyInfo[] Properties<T>() => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static string Name(PropertyInfo property) =>
        "--" + string.Concat(property.Name.Select((c, i) => (char.IsUpper(c) && i > 0 ? "-" : "") + char.ToLowerInvariant(c)));

    private static (string Name, string? Value) Split(string argument) =>
        argument.IndexOf('=', StringComparison.Ordinal) is var equals and > 0 ? (argument[..equals], argument[(equals + 1)..]) : (argument, null);

    private static object Convert(string name, string value, Type type)
    {
        try
        {
            return type == typeof(bool)
                ? bool.Parse(value)
                : System.Convert.ChangeType(value, Nullable.GetUnderlyingType(type) ?? type, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            var wanted = type == typeof(bool) ? "true or false" : type == typeof(double) ? "a number" : "a whole number";
            throw new UsageException($"Option '{name}' is '{value}', which is not {wanted}.");
        }
    }

    private static string Unknown<T>(string name)
    {
        var what = name.StartsWith('-') ? $"Unknown option '{name}'" : $"'{name}' is not an option";
        var nearest = Properties<T>().Select(Name).MinBy(known => Distance(known, name));
        return nearest is not null && Distance(nearest, name) <= 3 ? $"{what}; did you mean '{nearest}'?" : $"{what}; --help lists the options.";
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
