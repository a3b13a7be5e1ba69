namespace SpeechBrain.Sharp.Training;

/// <summary>
/// Keeps what training says about itself. A loop holds a list of them, tells each every step and every epoch, and after loading a checkpoint
/// tells each where it goes on.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>utils/train_logger.py, TrainLogger</c>, whose one method takes the figures of an epoch. Here steps are told too, and
/// loggers know of a resume, so that steps that are done again are not there twice.
/// <para>Log an epoch before the checkpoint at its end is saved, as SpeechBrain's recipes do: then a run that is killed in between writes that
/// epoch again instead of never.</para>
/// </remarks>
public interface ITrainLogger
{
    /// <summary>Takes the figures of a training step.</summary>
    /// <param name="stats">The figures; they are not kept.</param>
    void LogStep(TrainStepStats stats);

    /// <summary>Takes the figures of an epoch, or of a test.</summary>
    /// <param name="stats">The figures; they are not kept.</param>
    void LogEpoch(TrainEpochStats stats);

    /// <summary>
    /// Says that training goes on from a checkpoint: what was logged of later steps and epochs no longer counts, since they come again.
    /// </summary>
    /// <param name="progress">How far the checkpoint is.</param>
    void Resume(TrainingProgress progress);
}
