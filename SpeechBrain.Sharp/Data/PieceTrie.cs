namespace SpeechBrain.Sharp.Data;

/// <summary>Pieces by their UTF-8 bytes, found byte by byte.</summary>
internal sealed class PieceTrie
{
    /// <summary>Where every walk begins.</summary>
    internal const int Root = 0;

    private readonly Dictionary<long, int> edges = [];
    private readonly List<int> values = [-1];

    /// <summary>Puts a value at the end of a path.</summary>
    internal void Add(ReadOnlySpan<byte> path, int value)
    {
        int node = Root;
        foreach (byte label in path)
        {
            if (!edges.TryGetValue(Edge(node, label), out int next))
            {
                edges.Add(Edge(node, label), next = values.Count);
                values.Add(-1);
            }
            node = next;
        }
        values[node] = value;
    }

    /// <summary>The node a byte further, or -1.</summary>
    internal int Next(int node, byte label) => edges.TryGetValue(Edge(node, label), out int next) ? next : -1;

    /// <summary>The value at a node, or -1.</summary>
    internal int Value(int node) => values[node];

    /// <summary>How many bytes of the text's beginning the longest path with a value has; 0 for none.</summary>
    internal int LongestPrefix(ReadOnlySpan<byte> text)
    {
        int longest = 0;
        for (int node = Root, i = 0; i < text.Length && (node = Next(node, text[i])) >= 0; i++)
            if (Value(node) >= 0)
                longest = i + 1;
        return longest;
    }

    private static long Edge(int node, byte label) => ((long)node << 8) | label;
}
