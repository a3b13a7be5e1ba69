namespace SpeechBrain.Sharp.Augment;

/// <summary>One draw of <see cref="SpeedPerturb"/>: all that is needed to repeat it.</summary>
/// <param name="Speed">The speed in percent, one of <see cref="SpeedPerturb.Speeds"/>; above 100 is faster and shorter.</param>
public sealed record SpeedPerturbParameters(int Speed);
