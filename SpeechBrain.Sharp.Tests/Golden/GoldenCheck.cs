using System.Collections;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>
/// Takes an adapter's results and compares them with the recorded ones. Failures are gathered, so that one run tells all that is wrong
/// with a case; an output, gradient or reference that was never handed over is a failure too.
/// </summary>
public sealed class GoldenCheck(GoldenCaseInfo info, GoldenCase c, IReadOnlyList<GoldenDeviation> deviations)
{
    private readonly List<string> failures = [];
    private readonly HashSet<string> done = [];

    /// <summary>Compares a result with a recorded tensor within the case's tolerance.</summary>
    /// <param name="name">The tensor's full name: <c>out.y</c>, <c>grad.x</c>, <c>ref.y_f64</c>.</param>
    /// <param name="actual">Our result, on any device.</param>
    /// <remarks>Where a deviation with a reference covers the output, the reference is what it must equal.</remarks>
    public void Output(string name, Tensor actual) => Output(name, actual, c.RelativeTolerance, c.AbsoluteTolerance);

    /// <summary>Compares a result with a recorded tensor within a tolerance of its own, such as one that the case's data gives.</summary>
    public void Output(string name, Tensor actual, double rtol, double atol)
    {
        string expected = name;
        if (deviations.FirstOrDefault(d => d.Covers(info, name)) is { Reference: { } reference } deviation)
        {
            expected = reference;
            Mark(reference);
            Compare($"{name} (deviation {deviation.Id}: {reference})", c.Recorded(reference), actual, rtol, atol);
            Mark(name);
            return;
        }
        Mark(name);
        Compare(name, c.Recorded(expected), actual, rtol, atol);
    }

    /// <summary>Hands over a result that must differ from the recorded one because of a listed deviation, with what it must equal instead.</summary>
    /// <param name="id">The deviation's id in <c>deviations.json</c>; it must cover this output.</param>
    /// <param name="name">The tensor's full name.</param>
    /// <param name="actual">Our result.</param>
    /// <param name="expected">What it must equal: built from the recorded tensor or from another route.</param>
    public void Deviates(string id, string name, Tensor actual, Tensor expected)
    {
        Demand(id, name);
        Mark(name);
        Compare($"{name} (deviation {id})", expected, actual, c.RelativeTolerance, c.AbsoluteTolerance);
    }

    /// <summary>Says that an output has no counterpart here because of a listed deviation; the test that the deviation names stands for it.</summary>
    public void Deviates(string id, string name)
    {
        Demand(id, name);
        Mark(name);
    }

    /// <summary>As <see cref="Deviates(string, string)"/>, for an expected value of the case's data, named by its path.</summary>
    public void Deviates(string id, GoldenValue value)
    {
        Demand(id, value.Path);
        value.Ignore($"deviation {id}");
    }

    /// <summary>
    /// Compares a result with an expected value of the case's data: numbers, booleans, text, null, and lists of these at any depth.
    /// </summary>
    public void Value(GoldenValue expected, object? actual) => Value(expected, actual, c.RelativeTolerance, c.AbsoluteTolerance);

    /// <summary>Compares a result with an expected value of the case's data; numbers that are not integers within a tolerance of their own.</summary>
    public void Value(GoldenValue expected, object? actual, double rtol, double atol)
    {
        bool same = expected.Kind switch
        {
            JsonValueKind.Null => expected.IsNull && actual is null,
            JsonValueKind.True or JsonValueKind.False => expected.AsBool() is var e && actual is bool a && a == e,
            JsonValueKind.String => expected.AsString() is var e && actual is string a && a == e,
            JsonValueKind.Number => SameNumber(expected, actual, rtol, atol),
            JsonValueKind.Array => SameList(expected, actual, rtol, atol),
            _ => throw new GoldenException($"{expected.Path} is {expected.Kind}: compare its members one by one"),
        };
        if (!same && expected.Kind != JsonValueKind.Array)
            Fail($"{expected.Path}: expected {expected}, got {actual ?? "null"}");
    }

    /// <summary>
    /// Computes the gradients of <c>sum(y * in.cot)</c> with respect to the named leaves and compares each with <c>grad.</c> + its name.
    /// </summary>
    /// <param name="y">The output that <c>in.cot</c> belongs to.</param>
    /// <param name="leaves">Tensors that require gradients, by the names that the case gives them, such as <c>x</c>.</param>
    public void Gradients(Tensor y, params (string Name, Tensor Leaf)[] leaves) => Gradients(y, null, leaves);

    /// <summary>
    /// As <see cref="Gradients(Tensor, ValueTuple{string, Tensor}[])"/>, and besides for every <c>grad.w.KEY</c> of the case with respect
    /// to the parameter KEY of a module.
    /// </summary>
    public void Gradients(Tensor y, nn.Module? module, params (string Name, Tensor Leaf)[] leaves)
    {
        var targets = leaves.Select(l => (Name: "grad." + l.Name, l.Leaf)).Where(l => c.Has(l.Name)).ToList();
        if (module is not null)
        {
            var parameters = module.named_parameters().ToDictionary(p => p.Item1, p => p.Item2);
            foreach (string name in c.Names("grad.w."))
            {
                if (parameters.TryGetValue(name["grad.w.".Length..], out var parameter))
                    targets.Add((name, parameter));
                else
                    Fail($"{name}: the module has no such parameter");
            }
        }
        if (targets.Count == 0)
            return;
        using var weighted = y * c.Input("cot");
        using var total = weighted.sum();
        var gradients = autograd.grad([total], [.. targets.Select(t => t.Leaf)], allow_unused: true);
        for (int i = 0; i < targets.Count; i++)
        {
            if (gradients[i] is { IsInvalid: false } gradient)
                Output(targets[i].Name, gradient);
            else
                Fail($"{targets[i].Name}: the output does not depend on it");
        }
    }

    /// <summary>Notes a failure.</summary>
    public void Fail(string message) => failures.Add(message);

    /// <summary>All failures of the run.</summary>
    /// <param name="complete">Whether the run came to its end, so that what it left unread or unchecked is a failure too.</param>
    internal IReadOnlyList<string> Failures(bool complete)
    {
        if (!complete)
            return failures;
        var missing = c.Names("").Where(n => n.Split('.')[0] is "out" or "grad" or "ref" && !done.Contains(n)).Select(n => $"{n} was not checked");
        var unread = c.Unread().Select(n => $"{n} was not read: the adapter does not know it");
        return [.. failures, .. missing, .. unread];
    }

    private bool SameNumber(GoldenValue expected, object? actual, double rtol, double atol)
    {
        double wanted = expected.AsDouble();
        bool integer = long.TryParse(expected.ToString(), out long exact);
        return actual switch
        {
            byte or short or int or long when integer => Convert.ToInt64(actual) == exact,
            byte or short or int or long => TensorComparison.Close(wanted, Convert.ToDouble(actual), rtol, atol),
            Half h => TensorComparison.Close(wanted, (double)h, rtol, atol),
            float or double => TensorComparison.Close(wanted, Convert.ToDouble(actual), rtol, atol),
            _ => false,
        };
    }

    private bool SameList(GoldenValue expected, object? actual, double rtol, double atol)
    {
        if (actual is not IEnumerable sequence || actual is string)
        {
            Fail($"{expected.Path}: expected a list, got {actual ?? "null"}");
            return false;
        }
        var got = sequence.Cast<object?>().ToList();
        if (got.Count != expected.Items.Count)
        {
            Fail($"{expected.Path}: expected {expected.Items.Count} items, {expected}, got {got.Count}: [{string.Join(", ", got)}]");
            expected.Ignore("its length is wrong already");
            return false;
        }
        for (int i = 0; i < got.Count; i++)
            Value(expected.Items[i], got[i], rtol, atol);
        return true;
    }

    private void Demand(string id, string name)
    {
        if (!deviations.Any(d => d.Id == id && d.Covers(info, name)))
            Fail($"{name}: deviations.json has no deviation '{id}' that covers it");
    }

    private void Compare(string what, Tensor expected, Tensor actual, double rtol, double atol)
    {
        if (TensorComparison.Difference(expected, actual, rtol, atol) is { } difference)
            Fail($"{what} {difference}");
    }

    private void Mark(string name)
    {
        c.Recorded(name);
        if (!done.Add(name) && !name.StartsWith("ref.", StringComparison.Ordinal))
            Fail($"{name} was checked twice");
    }
}
