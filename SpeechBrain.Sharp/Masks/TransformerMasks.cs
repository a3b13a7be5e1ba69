using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Masks;

/// <summary>
/// The masks of one forward pass of an encoder and, if there are targets, of a decoder. In all bool masks <b>True = masked</b>; additive
/// masks (float32) hold 0 where attention is allowed and -infinity where it is not. The tensors belong to whoever made the masks.
/// </summary>
/// <param name="SrcKeyPaddingMask"><c>[batch, T]</c> bool, True = padding; as wide as the source. Null without lengths.</param>
/// <param name="TgtKeyPaddingMask"><c>[batch, U]</c> bool, True = padding token. Null without targets.</param>
/// <param name="SrcMask"><c>[T, T]</c> bool (chunks) or additive (causal); null: every frame sees every frame.</param>
/// <param name="TgtMask"><c>[U, U]</c> additive, causal. Null without targets.</param>
public readonly record struct TransformerMasks(Tensor? SrcKeyPaddingMask, Tensor? TgtKeyPaddingMask, Tensor? SrcMask, Tensor? TgtMask);
