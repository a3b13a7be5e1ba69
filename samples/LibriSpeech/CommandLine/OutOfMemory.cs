using System.Runtime.InteropServices;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>libtorch's complaint that memory is not enough, with what can be done about it.</summary>
internal static class OutOfMemory
{
    // Of a GPU; of the processor on Linux, and on Windows.
    private static readonly string[] Complaints = ["out of memory", "can't allocate memory", "not enough memory"];

    /// <summary>What to tell the person at the keyboard; null: the failure is another one.</summary>
    internal static UserException? Advice(ExternalException e) =>
        !Complaints.Any(complaint => e.Message.Contains(complaint, StringComparison.OrdinalIgnoreCase)) ? null : new UserException(
            $"{e.Message.Split('\n')[0].TrimEnd('.')}. Smaller batches need less memory: --batch-size, or --max-batch-len where batches are dynamic, and "
            + "in validation and tests --batch-size-valid or --max-batch-len-val.", e);
}
