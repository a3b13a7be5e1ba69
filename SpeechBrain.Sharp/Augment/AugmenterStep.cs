using System.Text.Json.Serialization;

namespace SpeechBrain.Sharp.Augment;

/// <summary>One application of one augmentation of an <see cref="Augmenter"/>.</summary>
/// <param name="Augmentation">Its place in <see cref="Augmenter.Augmentations"/>.</param>
/// <param name="Name">Its name, so that a draw is not replayed by other augmentations.</param>
/// <param name="Parameters">Its draw.</param>
[JsonConverter(typeof(AugmenterStepConverter))]
public sealed record AugmenterStep(int Augmentation, string Name, AugmentationParameters Parameters);
