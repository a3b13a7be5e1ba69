using System.Globalization;
using System.Text.RegularExpressions;
using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Tests.Decoding;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>Prediction network, language model, greedy search whole and in chunks, beam search with and without the language model.</summary>
public sealed class TransducerBeamSearcherAdapter : IGoldenAdapter
{
    // SpeechBrain's greedy search emits one label more than the 5 of its default; its beam search knows no limit.
    private const int GreedyLimit = 6, NoLimit = 10_000;

    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.decoders.transducer.TransducerBeamSearcher";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        using var noGrad = no_grad();
        using var nets = new RecordedTransducer(c);
        var (encoded, data) = (c.Input("enc"), c.Data);
        data["attempt"].Ignore("which seed gave a usable case");
        data["min_greedy_margin"].Ignore("by how much the greedy decisions are clear of noise");
        Networks(c, check, nets);

        var greedy = nets.Searcher(GreedyLimit).Search(encoded);
        check.Value(data["greedy"], greedy.Select(h => h.Tokens));
        check.Value(data["greedy_score"], greedy.Average(h => Math.Exp(h.LogProbability)));
        using var state = new GreedySearchState();
        long cut = data.Long("stream_cut");
        var first = nets.Searcher(GreedyLimit).SearchChunk(encoded.narrow(1, 0, cut), state);
        var second = nets.Searcher(GreedyLimit).SearchChunk(encoded.narrow(1, cut, encoded.size(1) - cut), state);
        check.Value(data["streamed"], first.Zip(second, (a, b) => a.Tokens.Concat(b.Tokens)));

        foreach (string name in data["beam_first_item"].Keys)
            Beam(name, data["beam_first_item"][name], c, check, nets, encoded.narrow(0, 0, 1));
    }

    private static void Networks(GoldenCase c, GoldenCheck check, RecordedTransducer nets)
    {
        var tokens = c.Input("ids");
        var vectors = nets.Embedding.call(tokens)!;
        var (output, hidden, cell) = nets.Decoder.call(vectors);
        check.Output("out.emb", vectors);
        check.Output("out.dec", output);
        check.Output("out.dec_hn", hidden);
        check.Output("out.dec_cn", cell);
        check.Output("out.proj_dec", nets.Projection.call(output)!);
        var (logits, languageHidden, _) = nets.LanguageModel.call(tokens);
        check.Output("out.lm_logits", logits);
        check.Output("out.lm_hn", languageHidden);
    }

    private static void Beam(string name, GoldenValue expected, GoldenCase c, GoldenCheck check, RecordedTransducer nets, Tensor encoded)
    {
        // The sizes are in the name: beam4_lm0.5.
        var match = Regex.Match(name, @"^beam(\d+)_lm([\d.]+)$");
        if (!match.Success)
            throw new GoldenException($"{name}: the adapter knows only beam<size>_lm<weight>");
        int beamSize = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        var found = nets.BeamSearcher(new()
        {
            BeamSize = beamSize,
            NBest = Math.Min(2, beamSize),
            LmWeight = double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture),
            StateBeam = c.Constructor.Double("state_beam"),
            ExpandBeam = c.Constructor.Double("expand_beam"),
            MaxSymbolsPerStep = NoLimit,
            MergeDuplicates = false,
        }).Search(encoded);
        check.Value(expected["nbest"], found.Select(u => u.Select(h => h.Tokens)));
        check.Value(expected["nbest_scores"], found.Select(u => u.Select(h => h.Score)));
        check.Value(expected["best"], found.Select(u => u[0].Tokens));
        check.Value(expected["score"], found.Average(u => Math.Exp(u[0].Score)));
    }
}
