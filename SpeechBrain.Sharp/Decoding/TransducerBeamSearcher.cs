using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>
/// Beam search through a transducer, frame by frame, with equal texts merged and a language model if there is one: the likeliest texts of each
/// utterance.
/// </summary>
/// <remarks>
/// <para>
/// Source: A. Graves, Sequence Transduction with Recurrent Neural Networks, arXiv 1211.3711, with the pruning of M. Jain et al., RNN-T For
/// Latency Controlled ASR With Improved Beam Search, arXiv 1911.01629, as in SpeechBrain 1.1.0, <c>decoders/transducer.py</c>,
/// <c>transducer_beam_search_decode</c>.
/// </para>
/// <para>
/// Differs on purpose from SpeechBrain: equal texts are merged (<see cref="TransducerBeamSearchOptions.MergeDuplicates"/>); a frame emits at most
/// <see cref="TransducerBeamSearchOptions.MaxSymbolsPerStep"/> labels, where SpeechBrain may go on for ever; lengths are respected, where it
/// decodes padding; a beam wider than the outputs is no error. With merging off and a limit that is not reached, its results are these.
/// With a beam, a state beam and an expand beam that prune nothing, the log-probability of each text is that of all its alignments with no more
/// labels a frame than the limit.
/// </para>
/// <para>
/// Utterances are searched at once, each at its own pace: whenever all wait for scores, the networks run for all of them, each on up to
/// <see cref="TransducerBeamSearchOptions.BeamSize"/> hypotheses. That waits for the device once. Call <c>eval()</c> on the networks first.
/// </para>
/// <code>
/// var searcher = TransducerBeamSearcher.For(model, new() { BeamSize = 8 });
/// var texts = searcher.Search(model.Encode(features, frames), model.EncodedLengths(hostFrames));
/// Console.WriteLine(texts[0][0].Score);                                            // of utterance 0's best text
/// </code>
/// </remarks>
public sealed class TransducerBeamSearcher
{
    private readonly DecodingNetworks networks;
    private readonly ILanguageModel? languageModel;

    /// <param name="embedding">Labels <c>[batch, 1]</c> to vectors <c>[batch, 1, features]</c>.</param>
    /// <param name="decoder">The prediction network.</param>
    /// <param name="projection">From the prediction network's width to the joint's.</param>
    /// <param name="joint">The joint network.</param>
    /// <param name="output">From the joint's width to the outputs, as logits or log-probabilities.</param>
    /// <param name="blankId">Which output is blank; also what prediction network and language model begin with.</param>
    /// <param name="options">What is kept and what is given up.</param>
    /// <param name="languageModel">Asked only if <see cref="TransducerBeamSearchOptions.LmWeight"/> is above 0.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or has a weight for a language model that is not there.</exception>
    public TransducerBeamSearcher(
        nn.Module<Tensor, Tensor> embedding, Lstm decoder, nn.Module<Tensor, Tensor> projection, TransducerJoint joint,
        nn.Module<Tensor, Tensor> output, long blankId = 0, TransducerBeamSearchOptions? options = null, ILanguageModel? languageModel = null)
        : this(new DecodingNetworks(embedding, decoder, projection, joint, output, blankId), options, languageModel)
    {
    }

    private TransducerBeamSearcher(DecodingNetworks networks, TransducerBeamSearchOptions? options, ILanguageModel? languageModel)
    {
        (this.networks, Options) = (networks, options ?? new());
        Options.Check(languageModel is not null);
        this.languageModel = Options.LmWeight > 0 ? languageModel : null;
    }

    /// <summary>What is kept and what is given up.</summary>
    public TransducerBeamSearchOptions Options { get; }

    /// <summary>A search through a <see cref="ConformerTransducer"/>, over what its <c>Encode</c> gives.</summary>
    /// <param name="model">The model; not taken over.</param>
    /// <param name="options">What is kept and what is given up.</param>
    /// <param name="languageModel">Asked only if the options give it a weight; not taken over.</param>
    /// <returns>The searcher.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or has a weight for a language model that is not there.</exception>
    public static TransducerBeamSearcher For(
        ConformerTransducer model, TransducerBeamSearchOptions? options = null, ILanguageModel? languageModel = null) =>
        new(DecodingNetworks.Of(model), options, languageModel);

    /// <summary>Searches whole utterances.</summary>
    /// <param name="encoded">The encoder's output in the joint's width, <c>[batch, time, joint]</c>.</param>
    /// <param name="lengths">Frames of each utterance, 0 to time; null: all of them, padding included.</param>
    /// <returns>For each utterance up to <see cref="TransducerBeamSearchOptions.NBest"/> texts, best first; at least one.</returns>
    /// <exception cref="ArgumentException">
    /// Shape or lengths do not fit, a frame in use gives outputs that are not finite, or the language model gives what does not fit.
    /// </exception>
    public IReadOnlyList<IReadOnlyList<BeamHypothesis>> Search(Tensor encoded, long[]? lengths = null)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var batch = new EncodedBatch(encoded, lengths);
        if (batch.Lengths.Length == 0)
            return [];
        using var scorer = new BeamNetworks(networks, languageModel, Options.BeamSize, batch);
        var utterances = scorer.Begin()
            .Select((root, i) => new BeamUtterance(i, batch.Lengths[i], root, networks.BlankId, Options, scorer.Free)).ToArray();
        while (true)
        {
            var requests = utterances.SelectMany(u => u.Advance().Select(prefix => (u.Index, u.Frame, prefix))).ToList();
            if (requests.Count == 0)
                break;
            scorer.Score(requests);
        }
        return [.. utterances.Select(u => u.NBest())];
    }
}
