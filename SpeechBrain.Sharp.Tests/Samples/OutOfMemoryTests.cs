using System.Runtime.InteropServices;
using NUnit.Framework;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Samples;

/// <summary>Memory that is not enough is the most frequent end of a training on a GPU.</summary>
public sealed class OutOfMemoryTests
{
    [TestCase("CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 8.00 GiB total capacity)\nframe #0: c10::Error")]
    [TestCase("[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")]
    public void SaysWhichOptionsTakeLess(string complaint)
    {
        string message = OutOfMemory.Advice(new ExternalException(complaint))!.Message;
        Assert.That(message, Does.StartWith(complaint.Split('\n')[0].TrimEnd('.')).And.Contain("--batch-size").And.Contain("--max-batch-len"));
        Assert.That(message, Does.Not.Contain("frame #0"));
    }

    [Test]
    public void KnowsWhatLibtorchSays()
    {
        using var scope = NewDisposeScope();
        var e = Assert.Catch<ExternalException>(() => empty([1L << 50], ScalarType.Byte))!;   // more than there are addresses
        Assert.That(OutOfMemory.Advice(e), Is.Not.Null, e.Message);
    }

    [Test]
    public void OtherFailuresAreLeftAlone() => Assert.That(OutOfMemory.Advice(new ExternalException("CUDA error: device-side assert triggered")), Is.Null);
}
