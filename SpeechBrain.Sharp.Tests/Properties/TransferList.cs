namespace SpeechBrain.Sharp.Tests.Properties;

/// <summary>All calls, as the theory of transfers sees them; one file a part of the library.</summary>
public static class TransferList
{
    /// <summary>Every function and module, in every way through it that may differ.</summary>
    public static IEnumerable<TransferCase> All =>
        [.. SignalTransfers.All, .. MaskTransfers.All, .. EncoderTransfers.All, .. TransducerTransfers.All];
}
