namespace SpeechBrain.Sharp.Conformer;

/// <summary>A layer whose products can be computed in another type than its weights'.</summary>
internal interface IHasProducts
{
    /// <summary>That type.</summary>
    ProductType Products { get; }
}
