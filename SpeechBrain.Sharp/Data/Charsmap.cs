using System.Buffers.Binary;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// The rewriting rules of a SentencePiece model: a double-array trie from byte sequences to places in a table of replacements. The file holds
/// the trie's length in bytes (32 bits), the trie's units (32 bits each, little endian), and the replacements, each ended by a zero byte.
/// </summary>
/// <remarks>
/// A unit of the trie (layout: the Darts-clone library): bits 0-7 label, bit 8 whether a value hangs on it, bit 9 whether the offset is scaled
/// by 256, bits 10-30 offset; a unit with bit 31 is a value. The child of the unit at place p under a byte c is the unit at
/// <c>p ^ offset(p) ^ c</c> if its label is c.
/// </remarks>
internal sealed class Charsmap
{
    private readonly uint[] units;
    private readonly byte[] replacements;

    /// <param name="rules">The file's field; empty for no rules.</param>
    /// <exception cref="InvalidDataException">The lengths do not fit each other.</exception>
    internal Charsmap(ReadOnlySpan<byte> rules)
    {
        if (rules.IsEmpty)
        {
            (units, replacements) = ([], []);
            return;
        }
        uint trieBytes = rules.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(rules);
        if (trieBytes > rules.Length - 4 || trieBytes % 4 != 0 || trieBytes == 0)
            throw new InvalidDataException($"its normalisation rules have {rules.Length} bytes, which a trie of {trieBytes} bytes does not fit");
        units = new uint[trieBytes / 4];
        for (int i = 0; i < units.Length; i++)
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(rules[(4 + 4 * i)..]);
        replacements = rules[(int)(4 + trieBytes)..].ToArray();
    }

    /// <summary>The longest rule that the text begins with.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="replacement">What stands in its place.</param>
    /// <returns>How many bytes it replaces; 0 for no rule.</returns>
    internal int Match(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        int longest = 0;
        uint value = 0, place = Offset(Unit(0));
        for (int i = 0; i < text.Length; i++)
        {
            place ^= text[i];
            uint unit = Unit(place);
            if ((unit & 0x800000ff) != text[i])
                break;
            place ^= Offset(unit);
            if ((unit & 0x100) != 0)
                (longest, value) = (i + 1, Unit(place) & 0x7fffffff);
        }
        replacement = longest == 0 || value >= replacements.Length ? default : replacements.AsSpan((int)value);
        int end = replacement.IndexOf((byte)0);
        if (end >= 0)
            replacement = replacement[..end];
        return longest;
    }

    // Outside of the array there is nothing: a unit that has the label of no byte.
    private uint Unit(uint place) => place < units.Length ? units[place] : 1u << 31;

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
