using System.Text;
using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;

namespace SpeechBrain.Sharp.Tests.Data;

[TestFixture]
public sealed class SentencePieceTokenizerTests
{
    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Data", "SentencePiece", name);

    private static long[] Ids(string line) => [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];

    [TestCase("tiny")]
    [TestCase("tinybyte")]
    public void IdsAndTextsAreThoseOfTheReference(string model)
    {
        var tokenizer = new SentencePieceTokenizer(Fixture(model + ".model"));
        string[] lines = File.ReadAllLines(Fixture("lines.txt"));
        string[] ids = File.ReadAllLines(Fixture(model + ".ids"));
        string[] decoded = File.ReadAllLines(Fixture(model + ".decoded"));
        Assert.That(ids, Has.Length.EqualTo(lines.Length));
        for (int i = 0; i < lines.Length; i++)
        {
            Assert.That(tokenizer.Encode(lines[i]), Is.EqualTo(Ids(ids[i])), lines[i]);
            Assert.That(tokenizer.Decode(Ids(ids[i])), Is.EqualTo(decoded[i]), ids[i]);
        }
    }

    [Test]
    public void WhatIsEncodedIsDecoded()
    {
        var tokenizer = new SentencePieceTokenizer(Fixture("tiny.model"));
        foreach (string line in File.ReadLines(Fixture("corpus.txt")))
            Assert.That(tokenizer.Decode(tokenizer.Encode(line)), Is.EqualTo(line));
        Assert.That(tokenizer.Encode(""), Is.Empty);
        Assert.That(tokenizer.Decode([]), Is.Empty);
    }

    [Test]
    public void BytesStandForCharactersThatNoPieceHas()
    {
        var tokenizer = new SentencePieceTokenizer(Fixture("tinybyte.model"));
        foreach (string text in (string[])["naïve ☕ 😀", "日本語", "a\u0000b"])
            Assert.That(tokenizer.Decode(tokenizer.Encode(text)), Is.EqualTo(text));
        // 日 without its last byte, then a piece: two bytes that begin nothing.
        Assert.That(tokenizer.Decode([tokenizer.PieceToId("<0xE6>"), tokenizer.PieceToId("<0x97>"), tokenizer.PieceToId("▁the")]),
            Is.EqualTo("\ufffd\ufffd the"));
    }

    [Test]
    public void PiecesAndIds()
    {
        var tokenizer = new SentencePieceTokenizer(Fixture("tiny.model"));
        Assert.That(tokenizer.VocabularySize, Is.EqualTo(120));
        Assert.That(tokenizer.UnknownId, Is.Zero);
        Assert.That(tokenizer.PieceToId("▁the"), Is.EqualTo(6));
        Assert.That(tokenizer.IdToPiece(6), Is.EqualTo("▁the"));
        Assert.That(tokenizer.PieceToId("no such piece"), Is.EqualTo(tokenizer.UnknownId));
        Assert.That(tokenizer.Decode([1, 6, 2]), Is.EqualTo("the"), "control pieces are left out");
        Assert.That(() => tokenizer.IdToPiece(120), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 119"));
        Assert.That(() => tokenizer.Decode([-1]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => tokenizer.Encode(null!), Throws.ArgumentNullException);
    }

    [Test]
    public void OtherFilesAreRefused()
    {
        using var folder = new TestFolder();
        Assert.That(() => new SentencePieceTokenizer(folder["none"]), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("none"));
        File.WriteAllText(folder["text"], "hello, this is no model");
        AssertRefused(folder["text"], "not a SentencePiece model");
        File.WriteAllText(folder["empty"], "");
        AssertRefused(folder["empty"], "0 unknown pieces");
        // trainer_spec { model_type: BPE }
        File.WriteAllBytes(folder["bpe"], [.. File.ReadAllBytes(Fixture("tiny.model")), 0x12, 2, 0x18, 2]);
        AssertRefused(folder["bpe"], "is a BPE model; unigram models are read");
        // normalizer_spec { precompiled_charsmap: 3 bytes }
        File.WriteAllBytes(folder["rules"], [.. File.ReadAllBytes(Fixture("tiny.model")), 0x1a, 5, 0x12, 3, 1, 2, 3]);
        AssertRefused(folder["rules"], "normalisation rules");
        // denormalizer_spec { precompiled_charsmap: 1 byte }
        File.WriteAllBytes(folder["back"], [.. File.ReadAllBytes(Fixture("tiny.model")), 0x2a, 3, 0x12, 1, 1]);
        AssertRefused(folder["back"], "--denormalization_rule_tsv");
        // pieces { piece: "x" type: 6 }
        File.WriteAllBytes(folder["byte"], [.. File.ReadAllBytes(Fixture("tiny.model")), 0x0a, 6, 0x0a, 2, (byte)'<', (byte)'>', 0x18, 6]);
        AssertRefused(folder["byte"], "byte piece '<>'");
        // pieces { piece: "<0x0a>" type: 6 }, beside <0x0A>
        File.WriteAllBytes(folder["bytes"], [.. File.ReadAllBytes(Fixture("tinybyte.model")), 0x0a, 10, 0x0a, 6, .. "<0x0a>"u8, 0x18, 6]);
        AssertRefused(folder["bytes"], "two pieces for the byte 10");

        static void AssertRefused(string path, string what) => Assert.That(() => new SentencePieceTokenizer(path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(what).And.Message.Contains(path));
    }

    [Test]
    public void ADamagedModelIsRefusedOrWorksAndNothingElse()
    {
        using var folder = new TestFolder();
        byte[] whole = File.ReadAllBytes(Fixture("tiny.model"));
        var random = new Random(7);
        int refused = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] damaged = trial % 2 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int i = 0; trial % 2 == 1 && i < 3; i++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(folder["m"], damaged);
            try
            {
                var tokenizer = new SentencePieceTokenizer(folder["m"]);
                tokenizer.Decode(tokenizer.Encode("The ﬁrst words of café ... <sep> 12 日"));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.That(refused, Is.InRange(100, 1999));
    }

    private static readonly TestCaseData[] Trained =
    [
        new TestCaseData("--vocab_size=100").SetName("100 pieces"),
        new TestCaseData("--vocab_size=1000").SetName("1000 pieces"),
        new TestCaseData("--vocab_size=500 --normalization_rule_name=identity").SetName("500 pieces, text as it is"),
        new TestCaseData("--vocab_size=600 --byte_fallback=true --normalization_rule_name=nfkc_cf").SetName("600 pieces, bytes, lower case"),
        new TestCaseData("--vocab_size=300 --remove_extra_whitespaces=false").SetName("300 pieces, all spaces kept"),
        new TestCaseData("--vocab_size=300 --add_dummy_prefix=false").SetName("300 pieces, no space before the text"),
        new TestCaseData("--vocab_size=300 --treat_whitespace_as_suffix=true").SetName("300 pieces, spaces behind words"),
        new TestCaseData("--vocab_size=300 --user_defined_symbols=<sep>,QU,日本 --unk_surface=?").SetName("300 pieces, some of the user's"),
    ];

    [TestCaseSource(nameof(Trained))]
    public void RealTranscriptsAreCutAsTheReferenceCutsThem(string options)
    {
        string[] transcripts =
        [
            .. Directory.GetFiles(SharedData.Require("transcripts/LibriSpeech/dev-clean"), "*.trans.txt", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(line => line[(line.IndexOf(' ') + 1)..]),
        ];
        Assert.That(transcripts, Has.Length.EqualTo(2703));
        using var folder = new TestFolder();
        File.WriteAllLines(folder["text"], transcripts);
        SentencePieceTools.Run(
            "spm_train", [], [$"--input={folder["text"]}", $"--model_prefix={folder["m"]}", "--model_type=unigram", .. options.Split(' ')]);
        string[] lines = [.. transcripts, .. OddLines(500)];

        string[] expected = SentencePieceTools.Run("spm_encode", lines, $"--model={folder["m.model"]}", "--output_format=id");
        string[] decoded = SentencePieceTools.Run("spm_decode", expected, $"--model={folder["m.model"]}", "--input_format=id");

        var tokenizer = new SentencePieceTokenizer(folder["m.model"]);
        Assert.That(expected, Has.Length.EqualTo(lines.Length));
        Assert.Multiple(() =>
        {
            for (int i = 0; i < lines.Length; i++)
            {
                Assert.That(tokenizer.Encode(lines[i]), Is.EqualTo(Ids(expected[i])), $"line {i}: '{lines[i]}'");
                Assert.That(tokenizer.Decode(Ids(expected[i])), Is.EqualTo(decoded[i]), $"line {i}: {expected[i]}");
            }
        });
    }

    // Letters with and without their accents, ligatures, wide forms, all kinds of spaces, Hangul, Arabic forms, emoji; no line ends.
    private static IEnumerable<string> OddLines(int count)
    {
        (int First, int Last)[] ranges =
        [
            (0x20, 0x7e), (0xa0, 0x17f), (0x300, 0x36f), (0x1e00, 0x1eff), (0x2000, 0x200f), (0x2100, 0x214f), (0x3000, 0x30ff), (0xac00, 0xac80),
            (0x1100, 0x11ff), (0xfb00, 0xfb06), (0xfdf0, 0xfdfa), (0xff01, 0xff5e), (0x1f600, 0x1f64f), (0x41, 0x5a), (0x41, 0x5a), (0x20, 0x20),
            (0x9, 0x9), (0x2581, 0x2581),
        ];
        var random = new Random(1984);
        for (int i = 0; i < count; i++)
        {
            var line = new StringBuilder(random.Next(5) == 0 ? "<sep>日本 QUITE " : "");
            for (int length = random.Next(40); length > 0; length--)
            {
                var (first, last) = ranges[random.Next(ranges.Length)];
                line.Append(new Rune(random.Next(first, last + 1)).ToString());
            }
            yield return line.ToString();
        }
    }
}
