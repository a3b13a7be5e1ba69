using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;

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

    private static readonly string[] Lines = ["A CAB", "ISN'T IT", " TWO  SPACES ", "Z", CharacterTokenizer.EnglishAlphabet];

    [Test]
    public void AsASentencePieceModelItHasTheSameTokens()
    {
        using var folder = new TestFolder();
        tokenizer.SaveSentencePiece(folder["tokenizer.ckpt"]);
        var pieces = new SentencePieceTokenizer(folder["tokenizer.ckpt"]);
        Assert.That((pieces.VocabularySize, pieces.UnknownId), Is.EqualTo((29, CharacterTokenizer.BlankId)));
        foreach (string line in Lines)
        {
            Assert.That(pieces.Encode(line), Is.EqualTo(tokenizer.Encode(line)), line);
            Assert.That(pieces.Decode(tokenizer.Encode(line)), Is.EqualTo(line));
        }
    }

    /// <summary>The same by the reference's own programs.</summary>
    [Test]
    public void SentencePieceReadsIt()
    {
        using var folder = new TestFolder();
        tokenizer.SaveSentencePiece(folder["c.model"]);
        string[] ids = SentencePieceTools.Run("spm_encode", Lines, $"--model={folder["c.model"]}", "--output_format=id");
        Assert.That(ids, Is.EqualTo(Lines.Select(line => string.Join(' ', tokenizer.Encode(line)))));
        Assert.That(SentencePieceTools.Run("spm_decode", ids, $"--model={folder["c.model"]}", "--input_format=id"), Is.EqualTo(Lines));
    }

    [TestCase("A\u2581", "U+2581")]
    [TestCase("A\ud83d\ude00", "U+D83D")]
    public void ACharacterThatSentencePieceLacksIsNamed(string alphabet, string name)
    {
        using var folder = new TestFolder();
        Assert.That(
            () => new CharacterTokenizer(alphabet).SaveSentencePiece(folder["c.model"]),
            Throws.InvalidOperationException.With.Message.Contains(name));
        Assert.That(folder.Files, Is.Empty);
    }
}
