using NUnit.Framework;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>Asserts that bad arguments are refused in our own words.</summary>
public static class Refusal
{
    /// <summary>The call throws an exception of the <see cref="ArgumentException"/> family whose message contains a text.</summary>
    public static void Of(Action call, string message) => Assert.That(call, Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));
}
