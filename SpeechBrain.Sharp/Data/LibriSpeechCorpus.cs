using System.Runtime.ExceptionServices;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// A folder laid out as LibriSpeech (Panayotov et al. 2015, https://www.openslr.org/12): <c>split/speaker/chapter/speaker-chapter-number.flac</c>,
/// and in each chapter <c>speaker-chapter.trans.txt</c> with lines <c>id TEXT</c>. WAV files are accepted beside FLAC.
/// </summary>
/// <remarks>
/// Utterances come in order of their id. (SpeechBrain 1.1.0, recipes/LibriSpeech/librispeech_prepare.py, takes the order in which the file system
/// lists them, so two machines get two manifests.)
/// </remarks>
public sealed class LibriSpeechCorpus
{
    private const int NamedAtOnce = 20;
    private static readonly string[] AudioExtensions = [".flac", ".wav"];

    /// <summary>Opens a corpus; only the names of its splits are read.</summary>
    /// <param name="folder">The folder that holds the splits, usually called <c>LibriSpeech</c>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">No folder in it is laid out as a split.</exception>
    public LibriSpeechCorpus(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException(
                $"There is no LibriSpeech folder '{folder}'; give the folder that holds train-clean-100, dev-clean and so on.");

        Folder = Path.GetFullPath(folder);
        Splits = [.. Folders(Folder).Where(HasTranscripts).Select(split => Path.GetFileName(split))];
        if (Splits.Count == 0)
        {
            var inner = Path.Combine(Folder, "LibriSpeech");
            throw new InvalidDataException($"'{folder}' holds no split/speaker/chapter/*.trans.txt; "
                + (Directory.Exists(inner) ? $"did you mean '{inner}'?" : "give the folder that holds train-clean-100, dev-clean and so on."));
        }
    }

    /// <summary>Full path of the folder that holds the splits.</summary>
    public string Folder { get; }

    /// <summary>Names of the splits (<c>dev-clean</c>, ...), sorted.</summary>
    public IReadOnlyList<string> Splits { get; }

    /// <summary>Reads one split: every transcript, and the header of every audio file, which tells its duration.</summary>
    /// <param name="split">One of <see cref="Splits"/>.</param>
    /// <returns>Its utterances, sorted by id.</returns>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    /// <exception cref="InvalidDataException">
    /// An audio file without transcript, a transcript without audio file, an id twice, a broken line, or broken audio files; the message names them.
    /// </exception>
    public IReadOnlyList<Utterance> Read(string split) => Read(split, verify: false);

    /// <summary>Reads one split as <see cref="Read(string)"/> does, but looks deeper, and may be interrupted.</summary>
    /// <param name="split">One of <see cref="Splits"/>.</param>
    /// <param name="verify">Whether audio files are decoded to their end, on all processors, and compared with their checksums.</param>
    /// <param name="journal">Where what is found out about audio files is kept, so that the reading can be interrupted; null: nowhere.</param>
    /// <param name="progress">Is told after each audio file, by several threads, how many of how many are done.</param>
    /// <param name="cancellationToken">Interrupts the reading.</param>
    /// <returns>Its utterances, sorted by id.</returns>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    /// <exception cref="InvalidDataException">
    /// An audio file without transcript, a transcript without audio file, an id twice, a broken line, or broken audio files; the message names them.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public IReadOnlyList<Utterance> Read(
        string split, bool verify, AudioJournal? journal = null, Action<int, int>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!Splits.Contains(split))
            throw new ArgumentException($"'{Folder}' has no split '{split}'; it has {string.Join(", ", Splits)}.", nameof(split));

        var utterances = new List<Utterance>();
        foreach (var speaker in Folders(Path.Combine(Folder, split)))
            foreach (var chapter in Folders(speaker))
                ReadChapter(chapter, utterances);

        utterances.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        for (var i = 1; i < utterances.Count; i++)
        {
            if (utterances[i].Id == utterances[i - 1].Id)
            {
                throw new InvalidDataException(
                    $"Utterance {utterances[i].Id} occurs twice: '{utterances[i - 1].Path}' and '{utterances[i].Path}'; remove one.");
            }
        }

        var durations = Durations(utterances, verify, journal, progress, cancellationToken);
        return [.. utterances.Select((utterance, i) => utterance with { Duration = durations[i] })];
    }

    // By several threads: a header costs a look-up on the disk or the network, and verifying a core.
    private static double[] Durations(
        List<Utterance> utterances, bool verify, AudioJournal? journal, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        var durations = new double[utterances.Count];
        var broken = new string?[utterances.Count];
        var done = 0;
        try
        {
            Parallel.For(0, utterances.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            {
                var audio = utterances[i].Path;
                try
                {
                    var info = journal?.Info(audio, verify) ?? (verify ? AudioChecksum.Verify(audio).Info : AudioFile.Info(audio));
                    durations[i] = info.TellsLength ? info.Duration : throw new InvalidDataException(AudioDecoder.NoLength(audio) + ".");
                }
                catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
                {
                    broken[i] = e.Message;
                }

                progress?.Invoke(Interlocked.Increment(ref done), utterances.Count);
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]); // no libsndfile, or the disk of the journal is full
        }

        var messages = broken.OfType<string>().ToList();
        return messages.Count switch
        {
            0 => durations,
            1 => throw new InvalidDataException(messages[0]),
            var count => throw new InvalidDataException(
                $"{count} of {utterances.Count} audio files are broken:\n"
                + string.Join('\n', messages.Take(NamedAtOnce)) + (count > NamedAtOnce ? "\n..." : "")),
        };
    }

    private static void ReadChapter(string chapter, List<Utterance> utterances)
    {
        var transcripts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(chapter, "*.trans.txt"))
            ReadTranscripts(file, transcripts);

        foreach (var audio in Directory.GetFiles(chapter).Where(IsAudio))
        {
            var id = Path.GetFileNameWithoutExtension(audio);
            if (!transcripts.Remove(id, out var transcript))
            {
                throw new InvalidDataException(
                    $"Utterance '{audio}' has no transcript (or two audio files): add a line '{id} TEXT' to a .trans.txt file "
                    + "in its folder, or remove the audio file.");
            }

            utterances.Add(new Utterance(id, audio, SpeakerId(id), 0, transcript));
        }

        if (transcripts.Count > 0)
        {
            throw new InvalidDataException(
                $"{transcripts.Count} transcript(s) in '{chapter}' have no audio file, {transcripts.First().Key} the first of them: "
                + "fetch the missing .flac files, or remove their lines from the .trans.txt file.");
        }
    }

    private static void ReadTranscripts(string file, SortedDictionary<string, string> transcripts)
    {
        foreach (var line in File.ReadLines(file).Where(line => line.Length > 0))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space <= 0 || string.IsNullOrWhiteSpace(line[space..]))
                throw new InvalidDataException($"'{file}' has a line without transcript: '{line}'; lines read 'ID TEXT'. Complete or remove it.");
            if (!transcripts.TryAdd(line[..space], line[space..].Trim().ToUpperInvariant()))
                throw new InvalidDataException($"'{file}' has two transcripts of {line[..space]}; remove one.");
        }
    }

    private static bool IsAudio(string file) => AudioExtensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static string SpeakerId(string id) => string.Join('-', id.Split('-').Take(2));

    private static bool HasTranscripts(string split) =>
        Folders(split).SelectMany(Folders).Any(chapter => Directory.EnumerateFiles(chapter, "*.trans.txt").Any());

    private static IEnumerable<string> Folders(string folder) => Directory.GetDirectories(folder).Order(StringComparer.Ordinal);
}
