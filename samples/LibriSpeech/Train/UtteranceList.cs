using System.Security.Cryptography;
using System.Text;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Which utterances are learnt from, as a part of checkpoints: on all of them hang the batches of an epoch. A training may go on with others, because
/// somebody corrected a manifest for example, but not without a word.
/// </summary>
internal sealed class UtteranceList : IRecoverable
{
    private readonly int count;
    private readonly string sum;
    private readonly Action<string> warn;

    /// <param name="utterances">in their order; where their audio lies does not matter</param>
    /// <param name="warn">gets a line where a checkpoint was saved with others</param>
    internal UtteranceList(IReadOnlyList<Utterance> utterances, Action<string> warn)
    {
        (count, this.warn) = (utterances.Count, warn);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var utterance in utterances)
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{utterance.Id}\t{utterance.Duration:R}\t{utterance.Transcript}\n")));
        sum = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public string FileName => "utterances.ckpt";

    /// <inheritdoc/>
    public void Save(string path) => SpeechBrainCheckpoint.Save(path, new Dictionary<string, object?> { ["count"] = count, ["sha256"] = sum });

    /// <inheritdoc/>
    public Action Prepare(string path)
    {
        if (SpeechBrainCheckpoint.Load(path) is not OrderedDictionary<object, object?> values
            || values.GetValueOrDefault("count") is not long savedCount || values.GetValueOrDefault("sha256") is not string savedSum)
            throw new InvalidDataException($"'{path}' does not say what was learnt from; it is no checkpoint of this program.");
        return () =>
        {
            if (savedSum != sum)
                warn($"The utterances to train on have changed since the checkpoint ({savedCount} then, {count} now): the epoch goes on with other "
                    + "batches, so that some of them may come twice in it, or not at all.");
        };
    }
}
