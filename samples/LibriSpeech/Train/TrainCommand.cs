namespace SpeechBrain.Sharp.Samples.LibriSpeech;

internal static class TrainCommand
{
    internal static void Run(TrainingOptions options, TextWriter output) => throw new NotImplementedException($"{options}{output}");
}
