using NUnit.Framework;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>The repository that the tests were built from, for tests of its documents.</summary>
internal static class Checkout
{
    /// <summary>Its root; skips the test where the tests run elsewhere.</summary>
    internal static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "SpeechBrain.Sharp.sln"))) folder = Path.GetDirectoryName(folder);
            if (folder is null) Assert.Ignore("The tests run outside a checkout: there are no documents to compare with.");
            return folder!;
        }
    }
}
