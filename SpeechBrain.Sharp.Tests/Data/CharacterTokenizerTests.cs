using NUnit.Framework;
using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Tests.Data;

public sealed class CharacterTokenizerTests
{
    private readonly CharacterTokenizer tokenizer = new();

    [Test]
    public void TokensFollowTheAlphabetFromOne()
    {
        Assert.That(tokenizer.VocabularySize, Is.EqualTo(29));
        Assert.That(tokenizer.Encode("A CAB"), Is.EqualTo(new long[] { 3, 1, 5, 3, 4 }));
        Assert.That(tokenizer.Encode("'Z"), Is.EqualTo(new long[] { 2, 28 }));
        Assert.That(tokenizer.Encode(""), Is.Empty);
    }

    [Test]
    public void DecodeUndoesEncode() =>
        Assert.That(tokenizer.Decode(tokenizer.Encode(CharacterTokenizer.EnglishAlphabet)), Is.EqualTo(CharacterTokenizer.EnglishAlphabet));

    [Test]
    public void BlanksDecodeToNothing() => Assert.That(tokenizer.Decode([0, 3, 0, 0, 4, 0]), Is.EqualTo("AB"));

    [Test]
    public void AnUnknownCharacterIsNamed() =>
        Assert.That(() => tokenizer.Encode("CAF\u00C9"), Throws.ArgumentException.With.Message.Contains("'\u00C9'").And.Message.Contains("place 3"));

    [TestCase(-1)]
    [TestCase(29)]
    public void ATokenOutOfRangeIsRefused(long token) =>
        Assert.That(() => tokenizer.Decode([token]), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 28"));

    [Test]
    public void AnAlphabetHoldsACharacterOnce()
    {
        Assert.That(() => new CharacterTokenizer("ABA"), Throws.ArgumentException.With.Message.Contains("'A'"));
        Assert.That(() => new CharacterTokenizer(""), Throws.ArgumentException);
    }
}
