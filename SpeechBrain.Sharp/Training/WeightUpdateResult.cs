namespace SpeechBrain.Sharp.Training;

/// <summary>What <see cref="WeightUpdate.Backward"/> did with a batch. All of it came with one read from the device.</summary>
/// <param name="Loss">The batch's loss, as it was given: neither divided nor scaled.</param>
/// <param name="Finite">Whether loss and gradient are finite; else the batch was skipped.</param>
/// <param name="Stepped">Whether weights were changed.</param>
/// <param name="GradNorm">
/// The 2-norm of the gradient that the weights were changed by, before clipping and without the loss scale; null where they were not.
/// </param>
/// <param name="LearningRate">The first parameter group's rate in the update; where there was none, its rate now.</param>
public sealed record WeightUpdateResult(double Loss, bool Finite, bool Stepped, double? GradNorm, double LearningRate);
