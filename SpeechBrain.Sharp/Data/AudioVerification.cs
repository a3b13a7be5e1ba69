namespace SpeechBrain.Sharp.Data;

/// <summary>How much <see cref="AudioFile.Verify"/> could find out about a file with which nothing is wrong.</summary>
public enum AudioVerification
{
    /// <summary>It decodes to its end; the file holds nothing to compare the samples with.</summary>
    Decoded,

    /// <summary>It decodes to its end, and to the samples that its encoder was given: their checksum is the one in the file.</summary>
    ChecksumMatches,
}
