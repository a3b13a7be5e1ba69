using System.Globalization;
using System.Runtime.InteropServices;
using SpeechBrain.Sharp.Serialization;
using TorchSharp;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// <c>env.log</c> in the folder of a run (SpeechBrain's has the same name): on what and with what it was trained, a line <c>what: value</c> each.
/// </summary>
internal static class RunEnvironment
{
    private const string FileName = "env.log";

    /// <summary>Writes what this process runs on.</summary>
    /// <param name="folder">of the run</param>
    /// <param name="device">cpu or cuda</param>
    /// <param name="weights">numbers that are learnt</param>
    internal static void Write(string folder, string device, long weights)
    {
        (string Name, string Value)[] facts =
        [
            ("Weights", weights.ToString("N0", CultureInfo.InvariantCulture)),
            ("Device", device == "cuda" ? "cuda" : $"cpu, {torch.get_num_threads()} of {Environment.ProcessorCount} threads"),
            ("System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}"),
            ("Library", $"SpeechBrain.Sharp {Version(typeof(Functional))}"),
            ("Torch", $"libtorch {torch.__version__}, TorchSharp {Version(typeof(torch))}"),
            ("Runtime", RuntimeInformation.FrameworkDescription),
        ];
        AtomicFile.Write(Path.Combine(folder, FileName), path => File.WriteAllLines(path, facts.Select(fact => $"{fact.Name}: {fact.Value}")));
    }

    /// <summary>What <see cref="Write"/> wrote; nothing where there is no such file.</summary>
    internal static IReadOnlyList<(string Name, string Value)> Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path)
            ? [.. File.ReadLines(path).Select(line => line.Split(": ", 2)).Where(parts => parts.Length == 2).Select(parts => (parts[0], parts[1]))]
            : [];
    }

    private static string Version(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "";
}
