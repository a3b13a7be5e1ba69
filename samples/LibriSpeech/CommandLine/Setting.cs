using System.ComponentModel;
using System.Reflection;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// One thing that can be set in an options record: a property with a <see cref="DescriptionAttribute"/>. Records may hold records, one for each
/// group of settings; to whoever sets them they are one flat list. A property <c>NFft</c> is the option <c>--n-fft</c> and the YAML key
/// <c>n_fft</c>.
/// </summary>
internal sealed class Setting
{
    private readonly IReadOnlyList<PropertyInfo> path;

    private Setting(IReadOnlyList<PropertyInfo> path) => this.path = path;

    /// <summary>On the command line.</summary>
    internal string Option => "--" + Words('-');

    /// <summary>In a YAML file and in the metadata of a model.</summary>
    internal string Key => Words('_');

    /// <summary>The property's name.</summary>
    internal string Name => path[^1].Name;

    /// <summary>What it does.</summary>
    internal string Description => Describe(path[^1]);

    /// <summary>The heading of its group; null where it lies in the outermost record.</summary>
    internal string? Group => path.Count > 1 ? Describe(path[^2]) : null;

    /// <summary>The type of its value.</summary>
    internal Type Type => path[^1].PropertyType;

    /// <summary>Whether a training that is resumed may have another value than it began with.</summary>
    internal bool MayChange => path[^1].IsDefined(typeof(MayChangeAttribute));

    /// <summary>All settings of a record in their order, those of the records in it included.</summary>
    internal static IReadOnlyList<Setting> Of(Type options) => [.. Paths(options, []).Select(path => new Setting(path))];

    /// <summary>Its value in a record.</summary>
    internal object? Get(object options) => path[^1].GetValue(Holder(options));

    /// <summary>Changes a record that nobody else has seen yet.</summary>
    internal void Set(object options, object? value) => path[^1].SetValue(Holder(options), value);

    private object Holder(object options) => path.SkipLast(1).Aggregate(options, (record, property) => property.GetValue(record)!);

    private string Words(char separator) =>
        string.Concat(Name.Select((c, i) => (char.IsUpper(c) && i > 0 ? $"{separator}" : "") + char.ToLowerInvariant(c)));

    private static string Describe(PropertyInfo property) => property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";

    private static IEnumerable<IReadOnlyList<PropertyInfo>> Paths(Type options, IReadOnlyList<PropertyInfo> above) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property =>
            SettingValue.CanBe(property.PropertyType) ? [[.. above, property]] : Paths(property.PropertyType, [.. above, property]));
}
