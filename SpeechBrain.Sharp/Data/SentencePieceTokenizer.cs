using System.Globalization;
using System.Text;
using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// Turns text into the pieces of a SentencePiece unigram model, and back: the tokenizer of SpeechBrain's LibriSpeech recipes. Of all ways to cut
/// the normalised text into pieces it takes the most probable (Viterbi), and its ids are those of <c>spm_encode</c>.
/// </summary>
/// <remarks>
/// <para>
/// T. Kudo, "Subword Regularization", 2018 (https://arxiv.org/abs/1804.10959); the file's format and the rules at the edges are those of
/// https://github.com/google/sentencepiece 0.1.97: an unknown character costs 10 more than the worst piece, unknown characters in a row become
/// one unknown token, or bytes if the model has them, and pieces that the user defined are always taken.
/// </para>
/// <para>Safe to use from many threads. BPE, word and char models are refused.</para>
/// <code>
/// var tokenizer = new SentencePieceTokenizer("1000_unigram.model");
/// long[] ids = tokenizer.Encode("HELLO WORLD");
/// string text = tokenizer.Decode(ids);             // HELLO WORLD
/// </code>
/// </remarks>
public sealed class SentencePieceTokenizer : ITokenizer
{
    private const float UnknownPenalty = 10;
    private const string SpaceSymbol = "\u2581";

    private readonly SentencePieceModel model;
    private readonly SentencePieceNormalizer normalizer;
    private readonly PieceTrie trie = new();
    private readonly Dictionary<string, int> ids = [];
    private readonly Dictionary<byte, int> byteIds = [];
    private readonly float minScore = float.MaxValue;
    // The least positive number, and not the least of all: as in the reference, where scores are logarithms and below 0.
    private readonly float maxScore = 1.17549435e-38f;

    /// <summary>Reads a model.</summary>
    /// <param name="path">The <c>.model</c> file that <c>spm_train --model_type=unigram</c> wrote.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a unigram SentencePiece model, or a damaged one.</exception>
    public SentencePieceTokenizer(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no SentencePiece model '{path}'.", path);
        model = new SentencePieceModel(path);
        try
        {
            normalizer = new SentencePieceNormalizer(model);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}' is damaged: {e.Message}. Copy or train it again.", e);
        }
        foreach (var (id, piece) in model.Pieces.Index())
        {
            ids.Add(piece.Text, id);
            if (piece.Kind is SentencePieceKind.Normal or SentencePieceKind.UserDefined or SentencePieceKind.Unused)
                trie.Add(Encoding.UTF8.GetBytes(piece.Text), id);
            if (piece.Kind == SentencePieceKind.Normal)
                (minScore, maxScore) = (Math.Min(minScore, piece.Score), Math.Max(maxScore, piece.Score));
            if (piece.Kind == SentencePieceKind.Unknown)
                UnknownId = id;
            if (piece.Kind == SentencePieceKind.Byte)
            {
                byte value = ByteOf(piece) ?? throw new InvalidDataException(
                    $"'{path}' has the byte piece '{piece.Text}'; they are <0x00> to <0xFF>. Train it again.");
                if (!byteIds.TryAdd(value, id))
                    throw new InvalidDataException($"'{path}' has two pieces for the byte {value}, '{piece.Text}' one of them. Train it again.");
            }
        }
        if (model.ByteFallback && byteIds.Count < 256)
            throw new InvalidDataException($"'{path}' promises a piece for each of 256 bytes and has {byteIds.Count}. Train it again.");
    }

    /// <inheritdoc/>
    public int VocabularySize => model.Pieces.Count;

    /// <summary>The token of characters that no piece has.</summary>
    public long UnknownId { get; }

    /// <summary>A token's piece, spaces as U+2581.</summary>
    /// <param name="id">0 to <see cref="VocabularySize"/> - 1.</param>
    /// <returns>The piece.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The id is out of range.</exception>
    public string IdToPiece(long id) => Piece(id).Text;

    /// <summary>The token of a piece.</summary>
    /// <param name="piece">The piece, spaces as U+2581; for example <c>&lt;s&gt;</c>.</param>
    /// <returns>Its id; <see cref="UnknownId"/> where there is no such piece.</returns>
    public long PieceToId(string piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        return ids.TryGetValue(piece, out int id) ? id : UnknownId;
    }

    /// <summary>The tokens of a text, as of <c>spm_encode --output_format=id</c>.</summary>
    /// <param name="text">Any text. Names of control pieces in it, such as <c>&lt;s&gt;</c>, are ordinary characters.</param>
    /// <returns>Tokens; none for an empty text.</returns>
    public long[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] normalized = normalizer.Normalize(text);
        var tokens = new List<long>();
        bool afterUnknown = false;
        foreach (var (start, end, id) in BestPath(normalized))
        {
            bool unknown = id == UnknownId;
            if (unknown && model.ByteFallback)
                tokens.AddRange(normalized[start..end].Select(b => (long)byteIds[b]));
            else if (!unknown || !afterUnknown)
                tokens.Add(id);
            afterUnknown = unknown;
        }
        return [.. tokens];
    }

    /// <summary>
    /// The text of tokens, as of <c>spm_decode --input_format=id</c>. Control pieces are left out; bytes that are no UTF-8 become U+FFFD.
    /// </summary>
    /// <param name="tokens">Tokens from 0 to <see cref="VocabularySize"/> - 1.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A token is out of range.</exception>
    public string Decode(IEnumerable<long> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var text = new StringBuilder();
        var bytes = new List<byte>();
        bool atStart = true;
        foreach (long token in tokens)
        {
            var piece = Piece(token);
            if (piece.Kind == SentencePieceKind.Byte)
            {
                bytes.Add(ByteOf(piece)!.Value);
                continue;
            }
            Flush(bytes, text);
            atStart &= text.Length == 0;
            text.Append(Surface(piece, ref atStart));
        }
        Flush(bytes, text);
        return text.ToString();
    }

    /// <summary>Writes the model as it was read.</summary>
    /// <param name="path">The file to create or replace; its folder must exist. SpeechBrain calls it <c>tokenizer.ckpt</c>.</param>
    public void Save(string path) => AtomicFile.Write(path, temporary => File.WriteAllBytes(temporary, model.Content));

    private static byte? ByteOf(SentencePieceModel.Piece piece) =>
        piece.Text is ['<', '0', 'x', _, _, '>']
        && byte.TryParse(piece.Text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? value
            : null;

    private string Surface(SentencePieceModel.Piece piece, ref bool atStart)
    {
        if (piece.Kind == SentencePieceKind.Control)
            return "";
        if (piece.Kind == SentencePieceKind.Unknown)
            return model.UnknownSurface;
        string surface = piece.Text;
        if (atStart && (model.AddDummyPrefix || model.RemoveExtraWhitespaces) && surface.StartsWith(SpaceSymbol, StringComparison.Ordinal))
        {
            surface = surface[SpaceSymbol.Length..];
            // The one space that was put before the text is gone; where extra spaces are dropped, any further one goes too.
            atStart = model.RemoveExtraWhitespaces;
        }
        return surface.Replace(SpaceSymbol, " ");
    }

    private static void Flush(List<byte> bytes, StringBuilder text)
    {
        ReadOnlySpan<byte> rest = bytes.ToArray();
        while (!rest.IsEmpty)
        {
            // A byte that begins no character is replaced alone, as in the reference; .NET's decoder would take several together.
            bool valid = Rune.DecodeFromUtf8(rest, out var rune, out int length) == System.Buffers.OperationStatus.Done;
            text.Append(rune.ToString());
            rest = rest[(valid ? length : 1)..];
        }
        bytes.Clear();
    }

    /// <summary>
    /// The most probable pieces. <c>best[end] = max over pieces that end there of best[start] + score(piece)</c>, in the reference's precision
    /// (sums in float32), so that ties fall alike.
    /// </summary>
    private List<(int Start, int End, int Id)> BestPath(byte[] text)
    {
        float unknownScore = minScore - UnknownPenalty;
        var best = new Node[text.Length + 1];
        Array.Fill(best, new Node(0, -1, -1));
        for (int start = 0; start < text.Length;)
        {
            float here = best[start].Score;
            Rune.DecodeFromUtf8(text.AsSpan(start), out _, out int character);
            bool hasCharacter = false;
            for (int node = PieceTrie.Root, end = start; end < text.Length && (node = trie.Next(node, text[end])) >= 0;)
            {
                end++;
                int id = trie.Value(node);
                if (id < 0 || model.Pieces[id].Kind == SentencePieceKind.Unused)
                    continue;
                int length = end - start;
                // A piece of the user's costs next to nothing, and so is always taken.
                double score = model.Pieces[id].Kind == SentencePieceKind.UserDefined ? length * maxScore - 0.1 : model.Pieces[id].Score;
                Update(ref best[end], score + here, start, id);
                hasCharacter |= length == character;
            }
            if (!hasCharacter)
                Update(ref best[start + character], unknownScore + here, start, (int)UnknownId);
            start += character;
        }

        var path = new List<(int, int, int)>();
        for (int end = text.Length; end > 0; end = best[end].Start)
            path.Add((best[end].Start, end, best[end].Id));
        path.Reverse();
        return path;
    }

    private static void Update(ref Node node, double score, int start, int id)
    {
        if (node.Start < 0 || score > node.Score)
            node = new Node((float)score, start, id);
    }

    private SentencePieceModel.Piece Piece(long id) => id >= 0 && id < VocabularySize
        ? model.Pieces[(int)id]
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"Tokens are 0 to {VocabularySize - 1}.");

    private readonly record struct Node(float Score, int Start, int Id);
}
