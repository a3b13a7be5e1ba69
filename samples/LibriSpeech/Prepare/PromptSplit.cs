namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Chooses what to train on and what to hold out. The prompts of one menu repeat each other ("Press 4 for the previous message", "Press 6 to play
/// the next message"), so the two sides take whole menus, told apart by the start of the key, and no sentence is on both sides.
/// </summary>
internal static class PromptSplit
{
    internal const double MinSeconds = 0.5;
    internal const double MaxSeconds = 2.0;
    internal const int MaxPrompts = 60;

    /// <summary>Voicemail, queues, the directory, call forwarding: 60 prompts, 74 s.</summary>
    private static readonly string[] TrainMenus = ["vm-", "queue-", "dir-", "followme/"];

    /// <summary>Conferences and dictation: 32 prompts.</summary>
    private static readonly string[] HeldOutMenus = ["conf-", "confbridge-", "dictate/"];

    internal static (IReadOnlyList<Prompt> Train, IReadOnlyList<Prompt> HeldOut) Choose(IReadOnlyCollection<Prompt> prompts)
    {
        var train = Take(prompts, TrainMenus).Take(MaxPrompts).ToList();
        var trained = train.Select(prompt => prompt.Transcript).ToHashSet();
        var heldOut = Take(prompts, HeldOutMenus).Where(prompt => !trained.Contains(prompt.Transcript)).Take(MaxPrompts).ToList();
        return (train, heldOut);
    }

    private static IEnumerable<Prompt> Take(IReadOnlyCollection<Prompt> prompts, string[] menus) =>
        from menu in menus
        from prompt in prompts.OrderBy(prompt => prompt.Key, StringComparer.Ordinal)
        where prompt.Key.StartsWith(menu, StringComparison.Ordinal) && prompt.Duration is >= MinSeconds and <= MaxSeconds
        select prompt;
}
