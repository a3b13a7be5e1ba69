using SpeechBrain.Sharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary><c>transcribe</c>: the text of audio files, a line a file. Another sample rate than the model's is converted.</summary>
internal static class TranscribeCommand
{
    internal static void Run(TranscribeOptions options, IReadOnlyList<string> files, TextWriter output)
    {
        var device = DeviceOption.Device(options.Device);
        using var recognizer = ModelReader.Read(options, device).Recognizer;
        foreach (var file in files)
        {
            using var scope = NewDisposeScope();
            using var host = PaddedBatch.Collate([(file, Samples(file, recognizer.SampleRate), [])]);
            using var batch = host.ToDevice(device);
            output.WriteLine($"{file}: {recognizer.Transcribe(batch, options.Decoding)[0]}");
        }
    }

    private static float[] Samples(string file, int sampleRate)
    {
        var audio = AudioFile.ReadMono(file);
        Recognizer.RequireDuration(audio, file);
        if (audio.SampleRate == sampleRate)
            return audio.Samples;
        using var scope = NewDisposeScope();
        var wave = tensor(audio.Samples).unsqueeze(0);
        try
        {
            using var resampled = Functional.Resample(wave, audio.SampleRate, sampleRate).contiguous().data<float>();
            return resampled.ToArray();
        }
        catch (ArgumentException e)
        {
            throw new UserException($"'{file}' cannot be brought to {sampleRate} Hz: {e.Message} Convert the file.", e);
        }
    }
}
