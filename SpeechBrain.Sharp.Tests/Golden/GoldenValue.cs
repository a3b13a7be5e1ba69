using System.Text.Json;

namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>
/// A JSON value of a golden case (a constructor or call argument, or expected data) that remembers whether it was read, so that an
/// argument which the adapter does not know can't go unnoticed.
/// </summary>
public sealed class GoldenValue
{
    private readonly JsonElement element;
    private readonly Dictionary<string, GoldenValue> members = [];
    private readonly List<GoldenValue> items = [];
    private bool read;

    /// <param name="element">The value; must outlive this object (clone it from its document).</param>
    /// <param name="path">Its name in messages, for example <c>constructor.orig_freq</c>.</param>
    public GoldenValue(JsonElement element, string path)
    {
        this.element = element;
        Path = path;
        if (element.ValueKind == JsonValueKind.Object)
            foreach (var member in element.EnumerateObject())
                members.Add(member.Name, new GoldenValue(member.Value, $"{path}.{member.Name}"));
        if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray())
                items.Add(new GoldenValue(item, $"{path}[{items.Count}]"));
    }

    /// <summary>Where the value stands in its case.</summary>
    public string Path { get; }

    /// <summary>JSON's name for the value's kind.</summary>
    public JsonValueKind Kind => element.ValueKind;

    /// <summary>JSON null, Python's None. Asking counts as reading if it is null.</summary>
    public bool IsNull
    {
        get
        {
            if (Kind == JsonValueKind.Null)
                read = true;
            return Kind == JsonValueKind.Null;
        }
    }

    /// <summary>The names of an object's members.</summary>
    public IReadOnlyCollection<string> Keys => members.Keys;

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<GoldenValue> Items
    {
        get
        {
            if (Kind != JsonValueKind.Array)
                throw Wrong("a list");
            read = true;
            return items;
        }
    }

    /// <summary>A member that must be there (it may be null).</summary>
    public GoldenValue this[string key] => Find(key) ?? throw new GoldenException($"{Path} has no '{key}'; it has [{string.Join(", ", Keys)}]");

    /// <summary>A member, or null if there is none of that name.</summary>
    public GoldenValue? Find(string key) => members.GetValueOrDefault(key);

    /// <summary>Whether there is a member of that name, null or not.</summary>
    public bool Has(string key) => members.ContainsKey(key);

    // The value itself.

    public long AsLong() => Kind == JsonValueKind.Number && element.TryGetInt64(out long value) ? Read(value) : throw Wrong("an integer");

    public double AsDouble() => Kind == JsonValueKind.Number ? Read(element.GetDouble()) : throw Wrong("a number");

    public bool AsBool() => Kind is JsonValueKind.True or JsonValueKind.False ? Read(element.GetBoolean()) : throw Wrong("a boolean");

    public string AsString() => Kind == JsonValueKind.String ? Read(element.GetString()!) : throw Wrong("text");

    public long[] AsLongs() => [.. Items.Select(i => i.AsLong())];

    public int[] AsInts() => [.. Items.Select(i => checked((int)i.AsLong()))];

    public double[] AsDoubles() => [.. Items.Select(i => i.AsDouble())];

    public bool[] AsBools() => [.. Items.Select(i => i.AsBool())];

    public string[] AsStrings() => [.. Items.Select(i => i.AsString())];

    // A member by name. Without a default it must be there; with one it may be absent; ...OrNull: absent or None gives null.

    public long Long(string key) => this[key].AsLong();

    public long Long(string key, long absent) => Find(key)?.AsLong() ?? absent;

    public long? LongOrNull(string key) => Find(key) is { IsNull: false } value ? value.AsLong() : null;

    public int Int(string key) => checked((int)Long(key));

    public int Int(string key, int absent) => checked((int)Long(key, absent));

    public double Double(string key) => this[key].AsDouble();

    public double Double(string key, double absent) => Find(key)?.AsDouble() ?? absent;

    public double? DoubleOrNull(string key) => Find(key) is { IsNull: false } value ? value.AsDouble() : null;

    public bool Bool(string key) => this[key].AsBool();

    public bool Bool(string key, bool absent) => Find(key)?.AsBool() ?? absent;

    public string String(string key) => this[key].AsString();

    public string String(string key, string absent) => Find(key)?.AsString() ?? absent;

    public string? StringOrNull(string key) => Find(key) is { IsNull: false } value ? value.AsString() : null;

    public long[] Longs(string key) => this[key].AsLongs();

    public long[]? LongsOrNull(string key) => Find(key) is { IsNull: false } value ? value.AsLongs() : null;

    public double[] Doubles(string key) => this[key].AsDoubles();

    /// <summary>Reads a member whose only known value is <paramref name="known"/>, such as a remark in place of a Python object.</summary>
    public void Expect(string key, string known)
    {
        string value = this[key].AsString();
        if (value != known)
            throw new GoldenException($"{Path}.{key} is '{value}'; the adapter knows only '{known}'");
    }

    /// <summary>Says that this value and all in it need no reading, and why.</summary>
    public void Ignore(string why)
    {
        if (string.IsNullOrWhiteSpace(why))
            throw new GoldenException($"{Path}: a value may be ignored only with a reason");
        MarkAll();
    }

    /// <summary>The paths of all values in this one, itself included, that nobody has read.</summary>
    public IEnumerable<string> Unread() => Kind switch
    {
        JsonValueKind.Object when members.Count > 0 => members.Values.SelectMany(m => m.Unread()),
        JsonValueKind.Array when items.Count > 0 => items.SelectMany(i => i.Unread()),
        JsonValueKind.Object or JsonValueKind.Undefined => [],
        _ => read ? [] : [Path],
    };

    /// <summary>The value as JSON.</summary>
    public override string ToString() => Kind == JsonValueKind.Undefined ? "nothing" : element.GetRawText();

    private void MarkAll()
    {
        read = true;
        foreach (var member in members.Values)
            member.MarkAll();
        foreach (var item in items)
            item.MarkAll();
    }

    private T Read<T>(T value)
    {
        read = true;
        return value;
    }

    private GoldenException Wrong(string wanted) => new($"{Path} is {this}, not {wanted}");
}
