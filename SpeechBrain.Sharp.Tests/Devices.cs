using NUnit.Framework;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests;

/// <summary>
/// Rows for tests that must hold on every device: CPU always, CUDA in the category <c>Gpu</c>, skipped with a reason where there is none.
/// <code>
/// [TestCaseSource(typeof(Devices), nameof(Devices.All))]
/// public void KeepsItsShape(DeviceType type)
/// {
///     var device = Devices.Require(type);
/// </code>
/// </summary>
public static class Devices
{
    /// <summary>One <see cref="DeviceType"/> a row.</summary>
    public static IEnumerable<TestCaseData> All => With<object?>([null]).Select(r => Row(r.Type, [r.Type]));

    /// <summary>Every device with float32 and float64: <c>(DeviceType type, ScalarType dtype)</c>.</summary>
    public static IEnumerable<TestCaseData> AllFloats => With([ScalarType.Float32, ScalarType.Float64]).Select(r => Row(r.Type, [r.Type, r.Value]));

    /// <summary>The device of a row; skips the test where the machine lacks it.</summary>
    public static Device Require(DeviceType type)
    {
        if (type == DeviceType.CUDA && !cuda.is_available())
            Assert.Ignore("no CUDA device: torch.cuda.is_available() is false");
        return type == DeviceType.CPU ? CPU : new Device(type, 0);
    }

    private static IEnumerable<(DeviceType Type, T Value)> With<T>(T[] values) =>
        from type in (DeviceType[])[DeviceType.CPU, DeviceType.CUDA] from value in values select (type, value);

    private static TestCaseData Row(DeviceType type, object[] arguments)
    {
        var row = new TestCaseData(arguments);
        return type == DeviceType.CUDA ? row.SetCategory("Gpu") : row;
    }
}
