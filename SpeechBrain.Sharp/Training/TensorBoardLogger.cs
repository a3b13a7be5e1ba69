using System.Globalization;
using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// Writes event files for TensorBoard (<c>tensorboard --logdir FOLDER</c>): every figure as a scalar at the optimizer's step, and pictures.
/// </summary>
/// <remarks>
/// Tags are those of SpeechBrain 1.1.0 (<c>utils/train_logger.py, TensorboardLogger</c>): <c>loss/train</c>, <c>WER/valid</c>, <c>lr</c>. There
/// each tag counts its own calls; here all share the optimizer's steps as their axis, and figures of a whole epoch, which would lie among those
/// of its steps, are tagged <c>epoch/loss/train</c> where they are training's or the moment's.
/// <para>A logger begins a file with its first figure and adds to it, each event by one write. After a resume it begins another that tells
/// TensorBoard to drop what earlier files have from the first repeated step on.</para>
/// <para>Formats: <c>tensorboard/compat/proto/event.proto</c> and <c>summary.proto</c> (TensorBoard 2), and <see cref="TfRecord"/>.</para>
/// </remarks>
public sealed class TensorBoardLogger : ITrainLogger
{
    private readonly string folder;
    private readonly TimeProvider clock;
    private string? path;
    private long lastStep;

    /// <summary>Makes a logger; writes nothing yet.</summary>
    /// <param name="folder">The folder of the event files, which is made if need be.</param>
    /// <param name="clock">Tells the time that each event carries; null: the system's.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public TensorBoardLogger(string folder, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        (this.folder, this.clock) = (folder, clock ?? TimeProvider.System);
    }

    /// <summary>Takes the figures of a training step; of batches whose gradients are gathered, those of the one that completes the step.</summary>
    /// <param name="stats">The figures; they are not kept.</param>
    public void LogStep(TrainStepStats stats)
    {
        ArgumentNullException.ThrowIfNull(stats);
        if (stats.OptimizerSteps == lastStep)
            return;
        lastStep = stats.OptimizerSteps;
        Scalars(stats.OptimizerSteps, TrainTags.Of(stats));
    }

    /// <inheritdoc/>
    public void LogEpoch(TrainEpochStats stats)
    {
        ArgumentNullException.ThrowIfNull(stats);
        var alone = TrainTags.Of(stats with { Meta = [], Train = [] });
        var amongSteps = TrainTags.Of(stats with { Valid = [], Test = [] })
            .Select(figure => KeyValuePair.Create($"epoch/{figure.Key}", figure.Value));
        Scalars(stats.OptimizerSteps, amongSteps.Concat(alone));
    }

    /// <summary>Adds a picture.</summary>
    /// <param name="tag">Its name, for example <c>features/augmented</c>.</param>
    /// <param name="png">A PNG file.</param>
    /// <param name="width">Its pixels from left to right.</param>
    /// <param name="height">Its pixels from top to bottom.</param>
    /// <param name="optimizerSteps">The step that it belongs to.</param>
    public void LogImage(string tag, ReadOnlySpan<byte> png, int width, int height, long optimizerSteps)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        Require.Range(width, nameof(width), 1);
        Require.Range(height, nameof(height), 1);
        const int Rgb = 3;
        var image = new ProtobufWriter().Integer(Image.Height, height).Integer(Image.Width, width).Integer(Image.Colorspace, Rgb)
            .Bytes(Image.EncodedImageString, png);
        var value = new ProtobufWriter().Text(Value.Tag, tag).Message(Value.Image, image);
        Event(optimizerSteps, Field.Summary, new ProtobufWriter().Message(Summary.Value, value));
    }

    /// <inheritdoc/>
    public void Resume(TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        (path, lastStep) = (null, progress.OptimizerSteps);
        Event(progress.OptimizerSteps + 1, Field.SessionLog, new ProtobufWriter().Integer(SessionLog.Status, SessionLog.Start));
    }

    private void Scalars(long step, IEnumerable<KeyValuePair<string, double>> figures)
    {
        if (!figures.Any())
            return;
        var summary = new ProtobufWriter();
        foreach (var (tag, value) in figures)
            summary.Message(Summary.Value, new ProtobufWriter().Text(Value.Tag, tag).Float(Value.SimpleValue, (float)value));
        Event(step, Field.Summary, summary);
    }

    private void Event(long step, int field, ProtobufWriter content)
    {
        if (path is null)
        {
            path = NewFile();
            LogFile.Append(path, TfRecord.Frame(Event().Text(Field.FileVersion, "brain.Event:2").ToArray()));
        }
        LogFile.Append(path, TfRecord.Frame(Event().Integer(Field.Step, step).Message(field, content).ToArray()));
    }

    private ProtobufWriter Event() => new ProtobufWriter().Double(Field.WallTime, clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);

    // TensorBoard reads a folder's files in the order of their names: by second, then by number.
    private string NewFile()
    {
        Directory.CreateDirectory(folder);
        const string Prefix = "events.out.tfevents.";
        int number = Directory.GetFiles(folder, Prefix + "*").Length;
        string second = clock.GetUtcNow().ToUnixTimeSeconds().ToString("D10", CultureInfo.InvariantCulture);
        return Path.Combine(folder, FormattableString.Invariant($"{Prefix}{second}.{number:D6}.{Environment.MachineName}"));
    }

    // Numbers of fields; the classes are the messages.
    private static class Field
    {
        internal const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5, SessionLog = 7;
    }

    private static class Summary
    {
        internal const int Value = 1;
    }

    private static class Value
    {
        internal const int Tag = 1, SimpleValue = 2, Image = 4;
    }

    private static class Image
    {
        internal const int Height = 1, Width = 2, Colorspace = 3, EncodedImageString = 4;
    }

    private static class SessionLog
    {
        internal const int Status = 1, Start = 1;
    }
}
