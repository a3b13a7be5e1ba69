using System.Diagnostics.CodeAnalysis;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>The labels of a hypothesis, as a list from the last to the first that shares its beginning with others. Equal labels are equal.</summary>
internal sealed class BeamPrefix : IEquatable<BeamPrefix>
{
    private readonly int hash;

    /// <summary>No labels.</summary>
    public BeamPrefix()
    {
    }

    /// <param name="parent">The labels before.</param>
    /// <param name="token">The last label.</param>
    /// <param name="languageModelLogProbability">Of all labels.</param>
    public BeamPrefix(BeamPrefix parent, int token, double languageModelLogProbability)
    {
        (Parent, Token, Length) = (parent, token, parent.Length + 1);
        LanguageModelLogProbability = languageModelLogProbability;
        hash = HashCode.Combine(parent.hash, token);
    }

    /// <summary>The labels before the last; null if there are none.</summary>
    public BeamPrefix? Parent { get; }

    /// <summary>The last label.</summary>
    public int Token { get; }

    /// <summary>Number of labels.</summary>
    public int Length { get; }

    /// <summary>What a language model gives for the labels.</summary>
    public double LanguageModelLogProbability { get; }

    /// <summary>The row in which the networks' states after these labels are kept; null: nowhere.</summary>
    public long? Row { get; set; }

    /// <summary>What may come next in the frame that <see cref="ScoredFrame"/> names.</summary>
    public BeamScores? Scores { get; set; }

    /// <summary>The frame of <see cref="Scores"/>.</summary>
    public long ScoredFrame { get; set; } = -1;

    /// <summary>The labels from the first to the last.</summary>
    public int[] Tokens()
    {
        int[] tokens = new int[Length];
        for (var p = this; p.Parent is not null; p = p.Parent)
            tokens[p.Length - 1] = p.Token;
        return tokens;
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] BeamPrefix? other)
    {
        var mine = this;
        if (other is null || mine.hash != other.hash || mine.Length != other.Length)
            return false;
        while (!ReferenceEquals(mine, other) && mine.Parent is not null)
        {
            if (mine.Token != other.Token)
                return false;
            (mine, other) = (mine.Parent, other.Parent!);
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BeamPrefix);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;
}
