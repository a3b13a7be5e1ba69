using System.Text;
using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// The content of a SentencePiece <c>.model</c> file: a protobuf message, described by <c>sentencepiece_model.proto</c> of
/// https://github.com/google/sentencepiece.
/// </summary>
internal sealed class SentencePieceModel
{
    /// <summary>The number of this kind of model.</summary>
    internal const int Unigram = 1;

    private static readonly string[] TypeNames = ["", "unigram", "BPE", "word", "char"];
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<Piece> pieces = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no SentencePiece model, a damaged one, or one that is not unigram.</exception>
    internal SentencePieceModel(string path)
    {
        long type = Unigram;
        try
        {
            Content = File.ReadAllBytes(path);
            var message = new ProtobufReader(Content);
            while (message.Next())
            {
                switch (message.Field)
                {
                    case 1: pieces.Add(ReadPiece(message.Bytes)); break;
                    case 2: ReadTrainer(message.Bytes, ref type); break;
                    case 3: ReadNormalizer(message.Bytes); break;
                    case 5: HasDenormalizer = HasCharsmap(message.Bytes); break;
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or DecoderFallbackException)
        {
            throw new InvalidDataException($"'{path}' is not a SentencePiece model, or a damaged one: {e.Message}. Copy or train it again.", e);
        }
        if (type != Unigram)
            throw new InvalidDataException(
                $"'{path}' is a {(type is > 0 and < 5 ? TypeNames[type] : $"type {type}")} model; unigram models are read: "
                + "train with --model_type=unigram.");
        if (pieces.Count(p => p.Kind == SentencePieceKind.Unknown) is var unknown and not 1)
            throw new InvalidDataException(
                $"'{path}' has {unknown} unknown pieces among {pieces.Count}; a SentencePiece model has one. Copy or train it again.");
        if (pieces.GroupBy(p => p.Text).FirstOrDefault(g => g.Count() > 1 || g.Key.Length == 0) is { } twice)
            throw new InvalidDataException(
                $"'{path}' has the piece '{twice.Key}' {twice.Count()} times; each must be there once and not be empty. Train it again.");
        if (HasDenormalizer)
            throw new InvalidDataException(
                $"'{path}' rewrites decoded text by rules of its own, which are not supported; train without --denormalization_rule_tsv.");
    }

    /// <summary>The file as it was read.</summary>
    internal byte[] Content { get; } = [];

    /// <summary>The pieces in the order of their ids.</summary>
    internal IReadOnlyList<Piece> Pieces => pieces;

    /// <summary>Rules by which text is rewritten; empty for none.</summary>
    internal byte[] Charsmap { get; private set; } = [];

    /// <summary>Whether a space is put before the text.</summary>
    internal bool AddDummyPrefix { get; private set; } = true;

    /// <summary>Whether spaces at the ends and in runs are dropped.</summary>
    internal bool RemoveExtraWhitespaces { get; private set; } = true;

    /// <summary>Whether spaces become U+2581.</summary>
    internal bool EscapeWhitespaces { get; private set; } = true;

    /// <summary>Whether the space belongs to the word before it.</summary>
    internal bool WhitespaceAsSuffix { get; private set; }

    /// <summary>Whether unknown characters become their UTF-8 bytes.</summary>
    internal bool ByteFallback { get; private set; }

    /// <summary>What the unknown piece is decoded to.</summary>
    internal string UnknownSurface { get; private set; } = " \u2047 ";

    private bool HasDenormalizer { get; }

    private static Piece ReadPiece(ReadOnlySpan<byte> bytes)
    {
        var (text, score, kind) = ("", 0f, SentencePieceKind.Normal);
        var message = new ProtobufReader(bytes);
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: text = Utf8.GetString(message.Bytes); break;
                case 2: score = message.Float; break;
                case 3: kind = (SentencePieceKind)message.Integer; break;
            }
        }
        if (!Enum.IsDefined(kind))
            throw new InvalidDataException($"piece '{text}' is of kind {(int)kind}, which is unknown");
        return float.IsFinite(score) ? new Piece(text, score, kind) : throw new InvalidDataException($"piece '{text}' has the score {score}");
    }

    private void ReadTrainer(ReadOnlySpan<byte> bytes, ref long type)
    {
        var message = new ProtobufReader(bytes);
        while (message.Next())
        {
            switch (message.Field)
            {
                case 3: type = message.Integer; break;
                case 24: WhitespaceAsSuffix = message.Integer != 0; break;
                case 35: ByteFallback = message.Integer != 0; break;
                case 44: UnknownSurface = Utf8.GetString(message.Bytes); break;
            }
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> bytes)
    {
        var message = new ProtobufReader(bytes);
        while (message.Next())
        {
            switch (message.Field)
            {
                case 2: Charsmap = message.Bytes.ToArray(); break;
                case 3: AddDummyPrefix = message.Integer != 0; break;
                case 4: RemoveExtraWhitespaces = message.Integer != 0; break;
                case 5: EscapeWhitespaces = message.Integer != 0; break;
            }
        }
    }

    private static bool HasCharsmap(ReadOnlySpan<byte> bytes)
    {
        var message = new ProtobufReader(bytes);
        while (message.Next())
            if (message.Field == 2 && message.Bytes.Length > 0)
                return true;
        return false;
    }

    /// <summary>A piece.</summary>
    /// <param name="Text">Its characters, spaces as U+2581.</param>
    /// <param name="Score">Its log probability.</param>
    /// <param name="Kind">What it is for.</param>
    internal sealed record Piece(string Text, float Score, SentencePieceKind Kind);
}
