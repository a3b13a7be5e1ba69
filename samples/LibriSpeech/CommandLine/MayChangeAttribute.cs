namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Marks a setting that a training may have another value of when it is resumed: it changes how, where or how long, but not what is learnt.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MayChangeAttribute : Attribute;
