namespace SpeechBrain.Sharp.Data;

/// <summary>Turns text into tokens and back. Its members may be called by several threads at once.</summary>
public interface ITokenizer
{
    /// <summary>Number of tokens; each is 0 to this minus 1.</summary>
    int VocabularySize { get; }

    /// <summary>The tokens of a text.</summary>
    /// <param name="text">May be empty.</param>
    /// <returns>Tokens in order.</returns>
    long[] Encode(string text);

    /// <summary>The text of tokens.</summary>
    /// <param name="tokens">Tokens in order.</param>
    /// <returns>The text.</returns>
    string Decode(IEnumerable<long> tokens);
}
