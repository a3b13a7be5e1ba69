namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>Members of every form, for the tests of the API reference.</summary>
public class Declared
{
    public required string Needed { get; init; }

    public string this[int i] => $"{i}";

    public static Declared operator +(Declared a, Declared b) => a ?? b;

    public static void Plain(int count = 3, string? text = null, double rate = 0.5, bool flag = true)
    {
    }

    public static void Choice(DayOfWeek day = DayOfWeek.Monday, DayOfWeek? other = null, long? n = null)
    {
    }

    public static IReadOnlyList<string?>? Nested(Dictionary<string, int[,]> map, string?[] names, string[]? maybe) => null;

    public static (int First, (string? Inner, long)) Tuples((double X, double Y)? point) => default;

    public static void Passing(in int a, out string b, ref long[] c, params string[] rest) => b = "";

    public static T Generic<T, U>(T value, U[] others)
        where T : struct
        where U : IDisposable, new() => value;

    public override string ToString() => Needed;

    protected virtual void Virtual()
    {
    }
}
