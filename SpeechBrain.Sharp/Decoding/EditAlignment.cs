namespace SpeechBrain.Sharp.Decoding;

/// <summary>One step of an alignment.</summary>
public enum Edit
{
    /// <summary>The tokens are equal.</summary>
    Equal,

    /// <summary>The hypothesis has a token that the reference lacks.</summary>
    Insertion,

    /// <summary>The reference has a token that the hypothesis lacks.</summary>
    Deletion,

    /// <summary>Different tokens in the same place.</summary>
    Substitution,
}

/// <summary>A step with the tokens it is about.</summary>
/// <param name="Edit">What happens.</param>
/// <param name="Reference">Index of the reference's token; null for an insertion.</param>
/// <param name="Hypothesis">Index of the hypothesis's token; null for a deletion.</param>
public readonly record struct AlignedPair(Edit Edit, int? Reference, int? Hypothesis);

/// <summary>
/// The shortest edit path from a reference to a hypothesis (V. Levenshtein, 1966). Among equally short paths Kaldi's compute-wer decides,
/// as in SpeechBrain: at each cell, seen from its end, an insertion before a deletion before a substitution or match.
/// </summary>
public static class EditAlignment
{
    /// <summary>Aligns two token sequences.</summary>
    /// <typeparam name="T">The tokens' type.</typeparam>
    /// <param name="reference">What should have been said.</param>
    /// <param name="hypothesis">What was recognised.</param>
    /// <param name="equality">When tokens are equal; the type's own equality by default.</param>
    /// <returns>The steps from beginning to end; those that are not <see cref="Edit.Equal"/> are as few as can be.</returns>
    public static IReadOnlyList<AlignedPair> Align<T>(IReadOnlyList<T> reference, IReadOnlyList<T> hypothesis, IEqualityComparer<T>? equality = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(hypothesis);
        var table = Table(reference, hypothesis, equality ?? EqualityComparer<T>.Default);
        var path = new List<AlignedPair>();
        int i = reference.Count, j = hypothesis.Count;
        while (i > 0 || j > 0)
        {
            var edit = table[i, j];
            if (edit != Edit.Insertion)
                i--;
            if (edit != Edit.Deletion)
                j--;
            path.Add(new(edit, edit == Edit.Insertion ? null : i, edit == Edit.Deletion ? null : j));
        }
        path.Reverse();
        return path;
    }

    // The last step of the best path to each pair of prefixes.
    private static Edit[,] Table<T>(IReadOnlyList<T> reference, IReadOnlyList<T> hypothesis, IEqualityComparer<T> equality)
    {
        var table = new Edit[reference.Count + 1, hypothesis.Count + 1];
        int[] above = [.. Enumerable.Range(0, hypothesis.Count + 1)], row = new int[hypothesis.Count + 1];
        for (int j = 1; j <= hypothesis.Count; j++)
            table[0, j] = Edit.Insertion;
        for (int i = 1; i <= reference.Count; i++)
        {
            table[i, 0] = Edit.Deletion;
            row[0] = i;
            for (int j = 1; j <= hypothesis.Count; j++)
            {
                bool equal = equality.Equals(reference[i - 1], hypothesis[j - 1]);
                int diagonal = above[j - 1] + (equal ? 0 : 1), deletion = above[j] + 1, insertion = row[j - 1] + 1;
                (row[j], table[i, j]) = diagonal < insertion && diagonal < deletion
                    ? (diagonal, equal ? Edit.Equal : Edit.Substitution)
                    : deletion < insertion ? (deletion, Edit.Deletion) : (insertion, Edit.Insertion);
            }
            (above, row) = (row, above);
        }
        return table;
    }
}
