using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>One random draw made inside the call that a case records.</summary>
/// <param name="Function">The function that drew, for example <c>torch.randint</c> or <c>random.choice</c>.</param>
/// <param name="Arguments">Its arguments as Python prints them.</param>
/// <param name="Values">What it returned, if a tensor.</param>
/// <param name="Value">What it returned, if a number or text.</param>
public sealed record GoldenDraw(string Function, string Arguments, Tensor? Values, GoldenValue? Value)
{
    /// <summary>The drawn tensor.</summary>
    public Tensor Tensor => Values ?? throw new GoldenException($"{Function}({Arguments}) drew {Value}, not a tensor");

    /// <summary>The drawn integers, in order.</summary>
    public long[] Longs => Tensor.to(ScalarType.Int64).cpu().data<long>().ToArray();

    /// <summary>The drawn numbers, in order.</summary>
    public double[] Doubles => Tensor.to(ScalarType.Float64).cpu().data<double>().ToArray();
}

/// <summary>The draws of a case in the order in which they were made. All must be taken.</summary>
public sealed class GoldenDraws(IReadOnlyList<GoldenDraw> draws)
{
    private int next;

    /// <summary>How many there are, taken or not.</summary>
    public int Count => draws.Count;

    /// <summary>How many are left.</summary>
    public int Left => draws.Count - next;

    /// <summary>The next draw, which must be one by <paramref name="function"/>.</summary>
    public GoldenDraw Next(string function)
    {
        if (next == draws.Count)
            throw new GoldenException($"the adapter asks for a draw by {function} after all {draws.Count} were taken");
        var draw = draws[next];
        if (draw.Function != function)
            throw new GoldenException($"draw {next} is {draw.Function}({draw.Arguments}); the adapter asks for one by {function}");
        next++;
        return draw;
    }

    /// <summary>The next draw without taking it, or null at the end.</summary>
    public GoldenDraw? Peek() => next < draws.Count ? draws[next] : null;

    /// <summary>Says that the rest needs no reading, and why.</summary>
    public void Ignore(string why)
    {
        if (string.IsNullOrWhiteSpace(why))
            throw new GoldenException("draws may be ignored only with a reason");
        next = draws.Count;
    }

    /// <summary>What nobody has taken.</summary>
    public IEnumerable<string> Unread() => draws.Skip(next).Select((d, i) => $"draw {next + i}: {d.Function}({d.Arguments})");
}
