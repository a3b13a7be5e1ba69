using System.IO.Compression;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Resampling;
using TorchSharp;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// The default data: prompts of the Asterisk telephone exchange, read by Allison Smith (CC BY-SA 3.0), with their text. Debian has them at 8 kHz as
/// WAV and at 16 kHz as G.722. We take the first and bring it to 16 kHz by our own resampler: 18 MB to fetch, against 11 MB and ffmpeg with
/// everything it needs.
/// </summary>
internal static class AsteriskPrompts
{
    private const string TextPackage = "asterisk-core-sounds-en";
    private const string AudioPackage = "asterisk-core-sounds-en-wav";
    private const int TargetRate = 16000;
    private const int Speaker = 1;

    /// <summary>
    /// Makes <paramref name="folder"/>: LibriSpeech/{train,heldout}-prompts, a manifest of each, and the licence. It appears complete or not at
    /// all.
    /// </summary>
    internal static void Prepare(string folder, TextWriter output)
    {
        using var temporary = new TemporaryFolder(folder);
        output.WriteLine($"Fetching {TextPackage} and {AudioPackage} (18 MB) ...");
        var unpacked = Path.Combine(temporary.Path, "packages");
        DebianPackage.Fetch([TextPackage, AudioPackage], unpacked);

        var (train, heldOut) = PromptSplit.Choose(Read(unpacked));
        var corpus = Path.Combine(temporary.Path, "LibriSpeech");
        var chapters = Write(train, Path.Combine(corpus, "train-prompts"), 1);
        Write(heldOut, Path.Combine(corpus, "heldout-prompts"), 1 + chapters);
        File.Copy(Path.Combine(unpacked, "usr/share/doc", AudioPackage, "copyright"), Path.Combine(temporary.Path, "COPYRIGHT"));
        Directory.Delete(unpacked, recursive: true);

        // From here on the data is a LibriSpeech folder like any other.
        Manifests.Write(new LibriSpeechCorpus(corpus), temporary.Path, output);
        temporary.Complete();
    }

    private static List<Prompt> Read(string unpacked)
    {
        var sounds = Path.Combine(unpacked, "usr/share/asterisk/sounds");
        var voice = Directory.Exists(sounds) ? Directory.GetDirectories(sounds).FirstOrDefault() : null;
        var texts = Path.Combine(unpacked, "usr/share/doc", TextPackage, "core-sounds-en.txt.gz");
        if (voice is null || !File.Exists(texts))
        {
            throw new UserException(
                $"{AudioPackage} and {TextPackage} are not laid out as expected; give a LibriSpeech folder instead: prepare --librispeech DIR.");
        }


        var prompts = new List<Prompt>();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(texts), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || line.StartsWith(';') || PromptText.Normalize(line[(colon + 1)..]) is not { } transcript)
                continue;
            var recording = Path.Combine(voice, line[..colon] + ".wav");
            if (File.Exists(recording))
                prompts.Add(new Prompt(line[..colon], transcript, recording, AudioFile.Info(recording).Duration));
        }

        return prompts;
    }

    /// <summary>Writes <c>split/speaker/chapter/speaker-chapter-number.flac</c> and the chapter's transcripts; a menu is a chapter.</summary>
    /// <returns>The number of chapters.</returns>
    private static int Write(IReadOnlyList<Prompt> prompts, string split, int firstChapter)
    {
        using var resample = new Resample(AudioFile.Info(prompts[0].Path).SampleRate, TargetRate);
        var menus = prompts.GroupBy(prompt => prompt.Key.Split('-', '/')[0]).ToList();
        foreach (var (place, menu) in menus.Index())
        {
            var chapter = firstChapter + place;
            var name = $"{Speaker}-{chapter}";
            var folder = Directory.CreateDirectory(Path.Combine(split, $"{Speaker}", $"{chapter}")).FullName;
            var transcripts = new List<string>();
            foreach (var (number, prompt) in menu.Index())
            {
                var id = $"{name}-{number:D4}";
                using var scope = torch.NewDisposeScope();
                using var noGradient = torch.no_grad();
                var samples = torch.tensor(AudioFile.ReadMono(prompt.Path).Samples).unsqueeze(0); // [1, time]
                AudioFile.Write(Path.Combine(folder, id + ".flac"), new AudioData(resample.call(samples).data<float>().ToArray(), TargetRate, 1));
                transcripts.Add($"{id} {prompt.Transcript}");
            }

            File.WriteAllLines(Path.Combine(folder, $"{name}.trans.txt"), transcripts);
        }

        return menus.Count;
    }
}
