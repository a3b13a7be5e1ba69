using System.Text.Json;
using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Augment;

[TestFixture]
public sealed class ValueListTests
{
    [Test]
    public void EqualValuesAreEqualLists()
    {
        ValueList<double> a = [0.1, 2], b = [0.1, 2], c = [0.1];
        Assert.That(a.Equals(b) && a.GetHashCode() == b.GetHashCode());
        Assert.That(a.Equals(c), Is.False);
        Assert.That(a.ToString(), Is.EqualTo("[0.1, 2]"));
        ValueList<ValueList<long>> nested = [[1], [2, 3]], same = [[1], [2, 3]];
        Assert.That(nested, Is.EqualTo(same));
    }

    [Test]
    public void OneValueHoldsForAll()
    {
        ValueList<int> one = [7], two = [1, 2];
        Assert.That(one.At(5), Is.EqualTo(7));
        Assert.That(two.Only(1), Is.EqualTo((ValueList<int>)[2]));
        Refusal.Of(() => two.At(2), "must lie in [0, 1]");
    }

    [Test]
    public void NumbersComeBackBitForBit()
    {
        ValueList<double> values = [0.1, 1e-300, Math.PI, -0.0, 1.0 / 3];
        var read = JsonSerializer.Deserialize<ValueList<double>>(JsonSerializer.Serialize(values))!;
        Assert.That(read.Select(BitConverter.DoubleToInt64Bits), Is.EqualTo(values.Select(BitConverter.DoubleToInt64Bits)));
        Assert.That(JsonSerializer.Serialize((ValueList<ValueList<int>>)[[1, 2], []]), Is.EqualTo("[[1,2],[]]"));
    }
}
