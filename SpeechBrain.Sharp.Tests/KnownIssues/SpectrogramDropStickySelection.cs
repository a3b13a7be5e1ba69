using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/blob/v1.1.0/speechbrain/augment/freq_domain.py, SpectrogramDrop:
/// random_selection overwrites itself with its first selection, which then holds for ever.
/// </summary>
[TestFixture]
public sealed class SpectrogramDropStickySelection
{
    [Test]
    public void EveryDrawSelectsAnew([Values] bool perBatch)
    {
        using var drop = new SpectrogramDrop(replace: SpectrogramReplace.RandomSelection, perBatch: perBatch);
        using var generator = new Generator(1);
        var shape = new BatchShape([1, 100, 8], [100]);
        var selected = Enumerable.Range(0, 100).Select(_ => drop.Sample(generator, shape).Replace[0]).Distinct();
        Assert.That(selected.Order(), Is.EqualTo(Enum.GetValues<SpectrogramReplace>().Where(way => way != SpectrogramReplace.RandomSelection)));
        Assert.That(drop.Replace, Is.EqualTo(SpectrogramReplace.RandomSelection));
    }
}
