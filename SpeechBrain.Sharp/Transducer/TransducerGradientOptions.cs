namespace SpeechBrain.Sharp.Transducer;

/// <summary>What changes the gradient of an RNN-T loss and leaves its value as it is.</summary>
/// <param name="FastEmit">Gradients of label arcs count 1 + this.</param>
/// <param name="Clamp">The gradient of an utterance's loss by each logit is limited to plus and minus this; infinity: no limit.</param>
internal readonly record struct TransducerGradientOptions(double FastEmit, double Clamp);
