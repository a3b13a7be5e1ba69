using System.Text;
using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// Turns text into one token a character and back. Token 0 is the blank of CTC and of the transducer; the characters follow from 1 in the order of
/// the alphabet.
/// </summary>
/// <example><code>
/// var tokenizer = new CharacterTokenizer();
/// tokenizer.Encode("A CAB");          // 3 1 5 3 4
/// tokenizer.Decode([3, 1, 5, 3, 4]);  // "A CAB"
/// </code></example>
public sealed class CharacterTokenizer : ITokenizer
{
    /// <summary>What LibriSpeech's transcripts are written in: space, apostrophe, A to Z.</summary>
    public const string EnglishAlphabet = " 'ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>The blank token, 0; it stands for no character.</summary>
    public const long BlankId = 0;

    private readonly Dictionary<char, long> ids = [];

    /// <summary>Makes a tokenizer over <paramref name="alphabet"/>.</summary>
    /// <param name="alphabet">The characters, each once; the first becomes token 1.</param>
    /// <exception cref="ArgumentException">It is empty or holds a character twice.</exception>
    public CharacterTokenizer(string alphabet = EnglishAlphabet)
    {
        ArgumentException.ThrowIfNullOrEmpty(alphabet);
        Alphabet = alphabet;
        foreach (var character in alphabet)
        {
            if (!ids.TryAdd(character, ids.Count + 1))
                throw new ArgumentException($"The alphabet holds '{character}' twice; give each character once.", nameof(alphabet));
        }
    }

    /// <summary>The characters in token order, from token 1.</summary>
    public string Alphabet { get; }

    /// <summary>Number of tokens, the blank included: the width of the output layer.</summary>
    public int VocabularySize => Alphabet.Length + 1;

    /// <summary>One token for each character of <paramref name="text"/>.</summary>
    /// <param name="text">Characters of <see cref="Alphabet"/> only; may be empty.</param>
    /// <returns>Tokens from 1 to <see cref="VocabularySize"/> - 1.</returns>
    /// <exception cref="ArgumentException">A character is not in the alphabet; the message names it and its place.</exception>
    public long[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new long[text.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = ids.TryGetValue(text[i], out var id)
                ? id
                : throw new ArgumentException(
                    $"'{text[i]}' (place {i} of \"{text}\") is not in the alphabet \"{Alphabet}\"; "
                    + "normalise the text or give the tokenizer a larger alphabet.",
                    nameof(text));
        }

        return tokens;
    }

    /// <summary>The text of <paramref name="tokens"/>; blanks are left out.</summary>
    /// <param name="tokens">Tokens from 0 to <see cref="VocabularySize"/> - 1.</param>
    /// <returns>One character for each token that is not blank.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A token is out of range.</exception>
    public string Decode(IEnumerable<long> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            if (token < 0 || token >= VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(tokens), token, $"Tokens are 0 to {VocabularySize - 1}.");
            if (token != BlankId)
                text.Append(Alphabet[(int)token - 1]);
        }

        return text.ToString();
    }

    /// <summary>
    /// Writes the tokenizer as a SentencePiece unigram model, whose pieces are the characters and whose tokens are the same, so that SpeechBrain
    /// (and every other program with SentencePiece) can use it. There the blank is the unknown piece, as in SpeechBrain's own tokenizers.
    /// </summary>
    /// <param name="path">The <c>.model</c> file to create or replace; its folder must exist. SpeechBrain calls it <c>tokenizer.ckpt</c>.</param>
    /// <exception cref="InvalidOperationException">
    /// The alphabet holds a character that SentencePiece has another use for; the message names it.
    /// </exception>
    public void SaveSentencePiece(string path)
    {
        // Fields by their numbers in sentencepiece_model.proto: 1 pieces (1 text, 2 score, 3 kind), 2 trainer_spec (3 model_type, 4 vocab_size),
        // 3 normalizer_spec (1 name, 3 add_dummy_prefix, 4 remove_extra_whitespaces, 5 escape_whitespaces).
        const char escapedSpace = '\u2581';
        var model = new ProtobufWriter();
        Piece("<unk>", 0, SentencePieceKind.Unknown);
        foreach (char character in Alphabet)
        {
            if (char.IsSurrogate(character) || character == escapedSpace)
                throw new InvalidOperationException(
                    $"The alphabet holds U+{(int)character:X4}, which is no character of its own in SentencePiece; leave it out.");
            // One way to cut a text, whatever the scores; they are those of characters that are all equally frequent.
            Piece((character == ' ' ? escapedSpace : character).ToString(), -MathF.Log(Alphabet.Length), SentencePieceKind.Normal);
        }

        model.Message(2, new ProtobufWriter().Integer(3, SentencePieceModel.Unigram).Integer(4, VocabularySize));
        model.Message(3, new ProtobufWriter().Text(1, "identity").Integer(3, 0).Integer(4, 0).Integer(5, 1));
        AtomicFile.Write(path, temporary => File.WriteAllBytes(temporary, model.ToArray()));

        void Piece(string text, float score, SentencePieceKind kind) =>
            model.Message(1, new ProtobufWriter().Text(1, text).Float(2, score).Integer(3, (long)kind));
    }
}
