using System.Text.RegularExpressions;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

public sealed class EmbeddingAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.nnet.embedding.Embedding";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        bool oneHot = c.Constructor.Bool("consider_as_one_hot");
        foreach (string name in c.Names("out."))
        {
            // The sizes are in the name: out.V6_blank3.
            var match = Regex.Match(name, @"^out\.V(\d+)_blank(\d+)$");
            if (!match.Success)
                throw new GoldenException($"{name}: the adapter knows only out.V<labels>_blank<label>");
            var (labels, blank) = (long.Parse(match.Groups[1].Value), long.Parse(match.Groups[2].Value));
            using var embedding = new Embedding(labels, considerAsOneHot: oneHot, blankId: blank);
            embedding.to(c.Device);
            check.Output(name, embedding.state_dict()["Embedding.weight"]);
        }
    }
}
