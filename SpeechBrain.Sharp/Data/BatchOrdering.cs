namespace SpeechBrain.Sharp.Data;

/// <summary>In what order an epoch's batches come.</summary>
public enum BatchOrdering
{
    /// <summary>In an order of its own for each epoch.</summary>
    Random,

    /// <summary>By the longest item of each batch, short ones first.</summary>
    Ascending,

    /// <summary>By the longest item of each batch, long ones first: what does not fit into memory shows at once.</summary>
    Descending,
}
