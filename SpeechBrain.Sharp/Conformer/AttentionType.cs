namespace SpeechBrain.Sharp.Conformer;

/// <summary>The kinds of self-attention that a Conformer can have; SpeechBrain's names.</summary>
public enum AttentionType
{
    /// <summary>Relative positions as in Transformer-XL: <see cref="Conformer.RelPosMHAXL"/>.</summary>
    RelPosMHAXL,

    /// <summary>Rotary positions: <see cref="Conformer.RoPEMHA"/>.</summary>
    RoPEMHA,

    /// <summary>No positions of its own: <see cref="MultiheadAttention"/>. They are added to the encoder's input.</summary>
    RegularMHA,
}
