namespace SpeechBrain.Sharp.Training;

/// <summary>Something whose state is a file of a checkpoint. <see cref="Recoverable"/> makes them of models, optimizers and the like.</summary>
public interface IRecoverable
{
    /// <summary>The file's name in the checkpoint's folder, for example <c>model.ckpt</c>.</summary>
    string FileName { get; }

    /// <summary>Writes the state.</summary>
    /// <param name="path">A file that does not exist yet.</param>
    void Save(string path);

    /// <summary>Reads a state and compares it with what is to take it, but changes nothing yet.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <returns>What puts the state in place, and can't fail any more. Tensors in it belong to the current dispose scope.</returns>
    /// <exception cref="InvalidDataException">The file is not such a state, or one of something else; the message says what to do.</exception>
    Action Prepare(string path);
}
