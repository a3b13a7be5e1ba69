using System.Text.Json.Serialization;

namespace SpeechBrain.Sharp.Augment;

/// <summary>The noise of one draw of <see cref="AddNoise"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(WhiteNoiseDraw), "white")]
[JsonDerivedType(typeof(PinkNoiseDraw), "pink")]
[JsonDerivedType(typeof(BabbleNoiseDraw), "babble")]
[JsonDerivedType(typeof(BankNoiseDraw), "bank")]
public abstract record NoiseDraw
{
    /// <summary>The noise of one example alone.</summary>
    /// <param name="example">The example's place in the batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The draw has no such example.</exception>
    /// <exception cref="InvalidOperationException">The noise is made of other examples.</exception>
    public abstract NoiseDraw ForExample(int example);
}
