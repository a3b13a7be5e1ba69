namespace SystemLibTorch.Tests;

/// <summary>Index expressions against plain arithmetic on positions.</summary>
public class IndexingTests
{
    // element [i, j, k] is 100 i + 10 j + k
    private static Tensor Cube()
    {
        var values = new long[3 * 4 * 5];
        for (var n = 0; n < values.Length; n++) values[n] = 100 * (n / 20) + 10 * (n / 5 % 4) + n % 5;
        return tensor(values, [3, 4, 5]);
    }

    [Test]
    public void Numbers_ranges_axes_and_the_ellipsis()
    {
        using var scope = NewDisposeScope();
        var x = Cube();
        Assert.Multiple(() =>
        {
            Assert.That(x[1, 2, 3].item<long>(), Is.EqualTo(123));
            Assert.That(x[1].shape, Is.EqualTo(new long[] { 4, 5 }));
            Assert.That(Values(x[0, 1, ..]), Is.EqualTo(new long[] { 10, 11, 12, 13, 14 }));
            Assert.That(Values(x[TensorIndex.Ellipsis, ^1][0]), Is.EqualTo(new long[] { 4, 14, 24, 34 }));
            Assert.That(Values(x[2, 1..3, 0]), Is.EqualTo(new long[] { 210, 220 }));
            Assert.That(Values(x[0, 0, ..^2]), Is.EqualTo(new long[] { 0, 1, 2 }));
            Assert.That(Values(x[0, 0, TensorIndex.Slice(0, 5, 2)]), Is.EqualTo(new long[] { 0, 2, 4 }));
            Assert.That(x[.., TensorIndex.None, 0].shape, Is.EqualTo(new long[] { 3, 1, 5 }));
            Assert.That(x[TensorIndex.Bool(false)].shape, Is.EqualTo(new long[] { 0, 3, 4, 5 }));
        });
    }

    [Test]
    public void Tensors_of_positions_and_masks()
    {
        using var scope = NewDisposeScope();
        var x = Cube();
        var rows = tensor(new long[] { 2, 0 });
        Assert.Multiple(() =>
        {
            Assert.That(Values(x[TensorIndex.Tensor(rows), 1, 1]), Is.EqualTo(new long[] { 211, 11 }));
            Assert.That(Values(x[0, TensorIndex.Tensor(rows), 4]), Is.EqualTo(new long[] { 24, 4 }));
            Assert.That(x[.., TensorIndex.Tensor(rows)].shape, Is.EqualTo(new long[] { 3, 2, 5 }));
            Assert.That(Values(x[TensorIndex.Tensor(x.gt(231))]), Is.EqualTo(new long[] { 232, 233, 234 }));
            Assert.That(Values(x.index(rows, rows, rows)), Is.EqualTo(new long[] { 222, 0 }));
        });
    }

    [Test]
    public void Assignment_writes_through()
    {
        using var scope = NewDisposeScope();
        var x = zeros([2, 3], ScalarType.Int64);
        x[0, 1] = tensor(5L);
        x[1, 1..] = tensor(new long[] { 7, 8 });
        x.index_put_(tensor(new long[] { 9 }), TensorIndex.Tensor(tensor(new long[] { 0 })), TensorIndex.Tensor(tensor(new long[] { 0 })));
        Assert.That(Values(x), Is.EqualTo(new long[] { 9, 5, 0, 0, 7, 8 }));
    }

    [Test]
    public void A_view_shares_memory()
    {
        using var scope = NewDisposeScope();
        var x = zeros(4);
        x[1..3].fill_(2);
        Assert.That(x.data<float>().ToArray(), Is.EqualTo(new float[] { 0, 2, 2, 0 }));
    }

    private static long[] Values(Tensor tensor) => tensor.data<long>().ToArray();
}
