using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>The networks that a search runs: labels to predictions, and predictions joined with frames to outputs.</summary>
internal sealed class DecodingNetworks
{
    private readonly nn.Module<Tensor, Tensor> embedding, projection, output;
    private readonly Lstm decoder;
    private readonly TransducerJoint joint;

    public DecodingNetworks(
        nn.Module<Tensor, Tensor> embedding, Lstm decoder, nn.Module<Tensor, Tensor> projection, TransducerJoint joint,
        nn.Module<Tensor, Tensor> output, long blankId)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(projection);
        ArgumentNullException.ThrowIfNull(joint);
        ArgumentNullException.ThrowIfNull(output);
        Require.Range(blankId, nameof(blankId), 0);
        (this.embedding, this.decoder, this.projection, this.joint, this.output) = (embedding, decoder, projection, joint, output);
        BlankId = blankId;
    }

    public static DecodingNetworks Of(ConformerTransducer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(
            model.Embedding, model.Decoder, model.DecoderProjection, model.JointNetwork, model.OutputLayer, model.Options.BlankIndex);
    }

    /// <summary>Which output is blank; also what the prediction network begins with.</summary>
    public long BlankId { get; }

    /// <summary>What is predicted before the first label.</summary>
    public Prediction Begin(long rows, Device device) => Next(full(rows, BlankId, dtype: ScalarType.Int64, device: device), null);

    /// <summary>Feeds the prediction network a label <c>[rows]</c> each.</summary>
    public Prediction Next(Tensor labels, Prediction? before)
    {
        using var scope = NewDisposeScope();
        var vectors = embedding.call(labels.unsqueeze(1))!;
        // The LSTM has its layers in front; a state of many layers must be contiguous for cuDNN.
        var (states, hidden, cell) = before is { } b
            ? decoder.call(vectors, (b.Hidden.transpose(0, 1).contiguous(), b.Cell.transpose(0, 1).contiguous()))
            : decoder.call(vectors);
        return new(
            projection.call(states)!.squeeze(1).MoveToOuterDisposeScope(), hidden.transpose(0, 1).MoveToOuterDisposeScope(),
            cell.transpose(0, 1).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The outputs <c>[rows, frames, outputs]</c> of frames <c>[rows, frames, joint]</c> with a prediction <c>[rows, joint]</c> for all of a row,
    /// as logits in float32 or float64.
    /// </summary>
    public Tensor Logits(Tensor frames, Tensor predicted)
    {
        using var scope = NewDisposeScope();
        var logits = output.call(joint.call(frames, predicted.unsqueeze(1))!)!;
        if (BlankId >= logits.size(-1))
            throw new ArgumentException($"blankId is {BlankId}, and there are {logits.size(-1)} outputs; blank must be one of them.");
        return (logits.dtype == ScalarType.Float64 ? logits : logits.to(ScalarType.Float32)).MoveToOuterDisposeScope();
    }
}
