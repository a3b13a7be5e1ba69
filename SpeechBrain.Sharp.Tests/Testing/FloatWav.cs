namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>Mono WAV files of 32-bit floats at 16 kHz, which can hold what is no number.</summary>
internal static class FloatWav
{
    private const int Rate = 16000, IeeeFloat = 3;

    internal static void Write(string path, float[] samples)
    {
        int bytes = samples.Length * sizeof(float);
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write("RIFF"u8);
        writer.Write(36 + bytes);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)IeeeFloat);
        writer.Write((short)1);
        writer.Write(Rate);
        writer.Write(Rate * sizeof(float));
        writer.Write((short)sizeof(float));
        writer.Write((short)(8 * sizeof(float)));
        writer.Write("data"u8);
        writer.Write(bytes);
        foreach (float sample in samples)
            writer.Write(sample);
    }
}
