using TorchSharp.Modules;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// An optimizer's state as a file: its kind and the shapes of its parameters, then TorchSharp's own format. TorchSharp reads straight into the
/// optimizer and finds out half-way if the file is that of another model, so the shapes are compared first.
/// </summary>
internal sealed class RecoverableOptimizer(string fileName, OptimizerHelper optimizer) : IRecoverable
{
    private const string Magic = "SpeechBrain.Sharp optimizer 1";

    public string FileName => fileName;

    public void Save(string path)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using var writer = new BinaryWriter(stream);
        foreach (string line in Header())
            writer.Write(line);
        optimizer.save_state_dict(writer);
    }

    public Action Prepare(string path)
    {
        using (var reader = new BinaryReader(File.OpenRead(path)))
        {
            foreach (string expected in Header())
            {
                string found = Line(reader, path);
                if (found != expected)
                    throw new InvalidDataException(
                        $"'{path}' has '{found}' where the optimizer has '{expected}'; make model and optimizer as they were.");
            }
        }
        return () =>
        {
            using var reader = new BinaryReader(File.OpenRead(path));
            foreach (string _ in Header())
                reader.ReadString();
            optimizer.load_state_dict(reader);
        };
    }

    private static string Line(BinaryReader reader, string path)
    {
        try
        {
            return reader.ReadString();
        }
        catch (Exception e) when (e is EndOfStreamException or IOException or FormatException)
        {
            throw new InvalidDataException($"'{path}' is not the state of an optimizer, or cut short: {e.Message}", e);
        }
    }

    private IEnumerable<string> Header()
    {
        yield return Magic;
        yield return optimizer.GetType().Name;
        yield return $"{optimizer.ParamGroups.Count()} groups";
        foreach (var parameter in optimizer.parameters())
            yield return Require.Describe(parameter)[..Require.Describe(parameter).IndexOf(" on ", StringComparison.Ordinal)];
    }
}
