using System.Globalization;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Transducer;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// The <c>hyperparams.yaml</c> of a model folder, by which SpeechBrain 1.1 makes the same model: class names and arguments are its. The plain lines
/// at the top are what <see cref="Hyperparams"/> reads back here.
/// </summary>
internal static class SpeechBrainYaml
{
    /// <summary>Keys of our own.</summary>
    internal const string VocabularySize = "vocabulary_size", TestChunkSize = "test_chunk_size";

    internal static string Of(Recognizer recognizer) => Of(
        recognizer.Model.Options, recognizer.FeatureRecipe, recognizer.Tokenizer.VocabularySize, recognizer.TestChunks?.ChunkSize ?? 0);

    private static string Of(ConformerTransducerOptions model, FeatureRecipe features, int vocabulary, long chunk) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # A Conformer transducer that SpeechBrain.Sharp trained. In Python:
        #   from speechbrain.inference.ASR import EncoderDecoderASR
        #   EncoderDecoderASR.from_hparams(source="this folder").transcribe_file("hello.wav")
        sample_rate: {features.SampleRate}
        n_fft: {features.NFft}
        win_length: {features.WinLength}
        n_mels: {features.NMels}
        d_model: {model.DModel}
        nhead: {model.NHead}
        num_encoder_layers: {model.NumEncoderLayers}
        d_ffn: {model.DFfn}
        kernel_size: {model.KernelSize}
        attention_type: {(model.AttentionType == AttentionType.RegularMHA ? "regularMHA" : model.AttentionType)}
        max_length: {model.MaxLength}
        joint_dim: {model.JointDim}
        dec_dim: {model.DecDim}
        output_neurons: {model.OutputNeurons}
        blank_index: {model.BlankIndex}
        activation: !name:{(model.JointActivation.Name == "Swish" ? "speechbrain.nnet.activations" : "torch.nn")}.{model.JointActivation.Name}
        # Tokens of the tokenizer, and the chunk of encoder frames in use (0: whole utterances; EncoderDecoderASR always takes those).
        {VocabularySize}: {vocabulary}
        {TestChunkSize}: {chunk}

        compute_features: !new:speechbrain.lobes.features.Fbank
          sample_rate: !ref <sample_rate>
          n_fft: !ref <n_fft>
          win_length: !ref <win_length>
          n_mels: !ref <n_mels>
        normalize: !new:speechbrain.processing.features.InputNormalization
          norm_type: global
        cnn: !new:speechbrain.lobes.models.convolution.ConvolutionFrontEnd
          input_shape: [1, 100, !ref <n_mels>] # the time is any
          num_blocks: {model.FrontEndChannels.Count}
          num_layers_per_block: 1
          out_channels: [{string.Join(", ", model.FrontEndChannels)}]
          kernel_sizes: [{string.Join(", ", model.FrontEndKernelSizes)}]
          strides: [{string.Join(", ", model.FrontEndStrides)}]
          residuals: [{string.Join(", ", model.FrontEndChannels.Select(_ => "False"))}]
        transformer: !new:speechbrain.lobes.models.transformer.TransformerASR.TransformerASR
          input_size: {FrontEndFeatures(model)}
          tgt_vocab: !ref <output_neurons>
          d_model: !ref <d_model>
          nhead: !ref <nhead>
          num_encoder_layers: !ref <num_encoder_layers>
          num_decoder_layers: 0
          d_ffn: !ref <d_ffn>
          kernel_size: !ref <kernel_size>
          attention_type: !ref <attention_type>
          max_length: !ref <max_length>
          encoder_module: conformer
          normalize_before: True
          causal: False
        enc: !new:speechbrain.lobes.models.transformer.TransformerASR.EncoderWrapper
          transformer: !ref <transformer>
        emb: !new:speechbrain.nnet.embedding.Embedding
          num_embeddings: !ref <output_neurons>
          consider_as_one_hot: True
          blank_id: !ref <blank_index>
        dec: !new:speechbrain.nnet.RNN.LSTM
          input_size: {model.OutputNeurons - 1}
          hidden_size: !ref <dec_dim>
        proj_enc: !new:speechbrain.nnet.linear.Linear
          input_size: !ref <d_model>
          n_neurons: !ref <joint_dim>
          bias: False
        proj_dec: !new:speechbrain.nnet.linear.Linear
          input_size: !ref <dec_dim>
          n_neurons: !ref <joint_dim>
          bias: False
        proj_ctc: !new:speechbrain.nnet.linear.Linear
          input_size: !ref <joint_dim>
          n_neurons: !ref <output_neurons>
        transducer_lin: !new:speechbrain.nnet.linear.Linear
          input_size: !ref <joint_dim>
          n_neurons: !ref <output_neurons>
          bias: False
        joint: !new:speechbrain.nnet.transducer.transducer_joint.Transducer_joint
          joint: sum
          nonlinearity: !ref <activation>
        tokenizer: !new:sentencepiece.SentencePieceProcessor

        model: !new:torch.nn.ModuleList
          - [!ref <cnn>, !ref <enc>, !ref <emb>, !ref <dec>, !ref <proj_enc>, !ref <proj_dec>, !ref <proj_ctc>, !ref <transducer_lin>]
        encoder: !new:speechbrain.nnet.containers.LengthsCapableSequential
          compute_features: !ref <compute_features>
          normalize: !ref <normalize>
          cnn: !ref <cnn>
          enc: !ref <enc>
          proj_enc: !ref <proj_enc>
        decoder: !new:speechbrain.decoders.transducer.TransducerBeamSearcher
          decode_network_lst: [!ref <emb>, !ref <dec>, !ref <proj_dec>]
          tjoint: !ref <joint>
          classifier_network: [!ref <transducer_lin>]
          blank_id: !ref <blank_index>
          beam_size: 1
          nbest: 1
        transducer_beam_search: True
        modules:
          encoder: !ref <encoder>
          decoder: !ref <decoder>
        pretrainer: !new:speechbrain.utils.parameter_transfer.Pretrainer
          loadables:
            model: !ref <model>
            normalizer: !ref <normalize>
            tokenizer: !ref <tokenizer>

        """);

    /// <summary>Features and channels behind the front end: the encoder's input.</summary>
    private static long FrontEndFeatures(ConformerTransducerOptions model) =>
        model.FrontEndChannels[^1] * model.FrontEndStrides.Aggregate(model.NMels, (features, stride) => (features + stride - 1) / stride);
}
