using System.Text;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// Rewrites text as a SentencePiece model was trained on it: by the model's rules (mostly Unicode NFKC), without needless spaces, with a space
/// before the first word, and with U+2581 for every space. Pieces that the user defined stay as they are.
/// </summary>
internal sealed class SentencePieceNormalizer
{
    private const byte Space = (byte)' ';
    private static readonly byte[] Escaped = "\u2581"u8.ToArray();

    private readonly SentencePieceModel model;
    private readonly Charsmap charsmap;
    private readonly PieceTrie? userDefined;

    internal SentencePieceNormalizer(SentencePieceModel model)
    {
        this.model = model;
        charsmap = new Charsmap(model.Charsmap);
        foreach (var (id, piece) in model.Pieces.Index())
        {
            if (piece.Kind != SentencePieceKind.UserDefined)
                continue;
            userDefined ??= new PieceTrie();
            userDefined.Add(Encoding.UTF8.GetBytes(piece.Text), id);
        }
    }

    /// <summary>The text as UTF-8, rewritten.</summary>
    internal byte[] Normalize(string text)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        if (model.RemoveExtraWhitespaces)
            while (!rest.IsEmpty && Step(rest, out var part) is var taken && part is [Space])
                rest = rest[taken..];
        if (rest.IsEmpty)
            return [];

        var output = new List<byte>(rest.Length + 8);
        byte[] space = model.EscapeWhitespaces ? Escaped : [Space];
        if (model.AddDummyPrefix && !model.WhitespaceAsSuffix)
            output.AddRange(space);
        bool afterSpace = model.RemoveExtraWhitespaces;
        while (!rest.IsEmpty)
        {
            rest = rest[Step(rest, out var part)..];
            if (afterSpace)
                part = part.TrimStart(Space);
            foreach (byte b in part)
            {
                if (b == Space)
                    output.AddRange(space);
                else
                    output.Add(b);
            }
            if (!part.IsEmpty)
                afterSpace = model.RemoveExtraWhitespaces && part[^1] == Space;
        }
        if (model.RemoveExtraWhitespaces)
            while (output.Count >= space.Length && output[^space.Length..].SequenceEqual(space))
                output.RemoveRange(output.Count - space.Length, space.Length);
        if (model.AddDummyPrefix && model.WhitespaceAsSuffix)
            output.AddRange(space);
        return [.. output];
    }

    /// <summary>Rewrites the longest rule at the beginning, or takes a character as it is; returns the bytes taken.</summary>
    private int Step(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> part)
    {
        int taken = userDefined?.LongestPrefix(text) ?? 0;
        if (taken == 0)
        {
            taken = charsmap.Match(text, out part);
            if (taken > 0)
                return taken;
            Rune.DecodeFromUtf8(text, out _, out taken);
        }
        part = text[..taken];
        return taken;
    }
}
