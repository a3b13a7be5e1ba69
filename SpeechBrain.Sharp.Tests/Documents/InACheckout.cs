using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Documents;

/// <summary>
/// Skips all tests of documents where there are none: before they ask for Markdig or the compiler, which tests that are taken elsewhere leave behind.
/// </summary>
[SetUpFixture]
public sealed class InACheckout
{
    [OneTimeSetUp]
    public void SkipElsewhere() => _ = Checkout.Root;
}
