namespace SpeechBrain.Sharp.Transducer;

/// <summary>What computes an RNN-T loss. All give the same numbers up to rounding.</summary>
public enum TransducerLossEngine
{
    /// <summary><see cref="Cpu"/> for logits on the CPU, <see cref="Tensor"/> for all others.</summary>
    Auto,

    /// <summary>Tensor operations, on any device; never waits for it.</summary>
    Tensor,

    /// <summary>Vector code straight from the memory of CPU tensors, on torch's number of threads.</summary>
    Cpu,
}
