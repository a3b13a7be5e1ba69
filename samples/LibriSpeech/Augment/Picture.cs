namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>A picture of red, green and blue bytes, row by row from the top.</summary>
internal sealed class Picture
{
    private const int RowsPerFeature = 3, Gap = 8, MaxWidth = 2000;

    // From quiet to loud; between two of them a straight line.
    private static readonly (byte R, byte G, byte B)[] Scale =
        [(0, 0, 8), (46, 18, 86), (122, 35, 112), (203, 63, 82), (246, 130, 48), (251, 204, 92), (255, 255, 236)];

    private readonly byte[] pixels;

    private Picture(int width, int height) => (Width, Height, pixels) = (width, height, new byte[width * height * 3]);

    internal int Width { get; }

    internal int Height { get; }

    /// <summary>
    /// Two spectrograms, one above the other, time to the right and frequency upwards, in one scale of colours. A frame is a column; long files
    /// show every second, third ... frame.
    /// </summary>
    /// <param name="above">Frame after frame, <paramref name="features"/> values each.</param>
    /// <param name="below">The same, of any number of frames.</param>
    /// <param name="features">Values a frame.</param>
    internal static Picture OfSpectrograms(float[] above, float[] below, int features)
    {
        int frames = Math.Max(above.Length, below.Length) / features, step = (frames + MaxWidth - 1) / MaxWidth, panel = features * RowsPerFeature;
        var picture = new Picture((frames + step - 1) / step, 2 * panel + Gap);
        Array.Fill(picture.pixels, (byte)128);
        // The loudest and quietest hundredth may be off the scale.
        float[] sorted = [.. above.Order()];
        float low = sorted[sorted.Length / 100], high = sorted[sorted.Length - 1 - sorted.Length / 100];
        picture.Draw(above, features, 0, step, low, high);
        picture.Draw(below, features, panel + Gap, step, low, high);
        return picture;
    }

    /// <summary>Writes the picture as a PNG file.</summary>
    internal void WritePng(string path) => Png.Write(path, pixels, Width, Height);

    /// <summary>The picture as a PNG file in memory.</summary>
    internal byte[] ToPng() => Png.Encode(pixels, Width, Height);

    private void Draw(float[] spectrogram, int features, int top, int step, float low, float high)
    {
        for (int column = 0; column * step * features < spectrogram.Length; column++)
        {
            for (int row = 0; row < features * RowsPerFeature; row++)
            {
                float value = spectrogram[column * step * features + features - 1 - row / RowsPerFeature];
                Colour(Math.Clamp((value - low) / Math.Max(high - low, 1e-9f), 0, 1)).CopyTo(pixels.AsSpan(((top + row) * Width + column) * 3));
            }
        }
    }

    private static byte[] Colour(float level)
    {
        float place = level * (Scale.Length - 1);
        int first = Math.Min((int)place, Scale.Length - 2);
        var (a, b, part) = (Scale[first], Scale[first + 1], place - first);
        return [Mix(a.R, b.R), Mix(a.G, b.G), Mix(a.B, b.B)];

        byte Mix(byte from, byte to) => (byte)Math.Round(from + (to - from) * part);
    }
}
