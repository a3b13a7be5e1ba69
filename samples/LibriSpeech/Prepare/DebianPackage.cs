namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Fetches Debian packages and unpacks them into a folder: no root rights, nothing installed.</summary>
internal static class DebianPackage
{
    private const string Otherwise = "or give a LibriSpeech folder: prepare --librispeech DIR";

    internal static void Fetch(IReadOnlyList<string> packages, string folder)
    {
        Directory.CreateDirectory(folder);
        string[] download = ["download", .. packages];
        var failure = Run("apt-get", download, folder);
        if (failure is not null)
        {
            // A container image often comes without package lists. Lists of our own need no root rights.
            var lists = Directory.CreateDirectory(Path.Combine(folder, "apt"));
            Directory.CreateDirectory(Path.Combine(lists.FullName, "lists", "partial"));
            string[] own = ["-o", $"Dir::State::lists={lists.FullName}/lists", "-o", $"Dir::Cache={lists.FullName}", "-o", "APT::Sandbox::User="];
            failure = Run("apt-get", [.. own, "update"], folder) ?? Run("apt-get", [.. own, .. download], folder);
            if (failure is not null)
            {
                throw new UserException(
                    $"Cannot fetch {string.Join(" and ", packages)} ({failure}); check the network and /etc/apt/sources.list, {Otherwise}.");
            }
        }

        foreach (var package in Directory.GetFiles(folder, "*.deb"))
        {
            if (Run("dpkg-deb", ["-x", package, folder], folder) is { } error)
                throw new UserException($"Cannot unpack {Path.GetFileName(package)} ({error}); try again, {Otherwise}.");
        }
    }

    private static string? Run(string program, IEnumerable<string> arguments, string folder) => ExternalProgram.Run(
        program, arguments, folder,
        $"The default data comes as Debian packages, and there is no '{program}' here; run on Debian or Ubuntu, {Otherwise}.");
}
