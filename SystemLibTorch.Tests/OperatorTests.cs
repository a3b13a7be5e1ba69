using System.Reflection;
using SystemLibTorch.Native;

namespace SystemLibTorch.Tests;

/// <summary>Every operator that the binding names is in this libtorch's dispatcher.</summary>
public class OperatorTests
{
    // The binding composes these from others where they are missing.
    private static readonly string[] newerThanOldLibTorch = ["aten::_safe_softmax", "aten::scaled_dot_product_attention"];

    private static IEnumerable<string> Names() => Operators().Select(op => op.ToString()).Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<Operator> Operators() =>
        from type in typeof(torch).Assembly.GetTypes()
        where !type.ContainsGenericParameters
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where field.FieldType == typeof(Operator)
        select (Operator)field.GetValue(null)!;

    [TestCaseSource(nameof(Names))]
    public void Is_in_this_libtorch(string name)
    {
        var op = Operators().First(op => op.ToString() == name);
        if (!op.Exists && newerThanOldLibTorch.Contains(name)) Assert.Ignore($"libtorch {torch.__version__} has no {name}");
        Assert.That(op.Exists, Is.True, $"libtorch {torch.__version__} has no {name}");
    }

    [Test]
    public void Finds_what_is_missing() => Assert.That(new Operator("aten::add", "NoSuchOverload").Exists, Is.False);
}
