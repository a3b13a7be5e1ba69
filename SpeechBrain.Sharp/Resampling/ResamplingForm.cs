namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// The way in which the sum of <see cref="SincKernel"/> is computed. All forms give the same samples, to the rounding of the type they
/// are computed in; they differ in speed, memory, and in how far a NaN or an infinity of the input reaches.
/// </summary>
/// <remarks>
/// With the rates reduced to o:n and L = <see cref="SincKernel.Reach"/> taps that matter (13 while n is at least o, 13 o/n below), an output
/// sample costs
/// <list type="table">
/// <item><term><see cref="Conv1d"/></term><description><c>o + 2 Width</c> products, and a table of n times as many values: 8,014 at 16000 ->
/// 16842;</description></item>
/// <item><term><see cref="Banded"/></term><description>about 5 L products by dense matrices, and a table of n times as many
/// values;</description></item>
/// <item><term><see cref="Polyphase"/></term><description>L products, rounded up to whole vectors, and a table of n times as many
/// values.</description></item>
/// </list>
/// </remarks>
public enum ResamplingForm
{
    /// <summary>
    /// <see cref="Polyphase"/> for CPU tensors that need no gradient; else <see cref="Conv1d"/> where a row of its table is at most
    /// 40 times as long as the taps that matter; else <see cref="Banded"/>.
    /// </summary>
    Auto,

    /// <summary>
    /// One strided convolution with a dense table. Any device, differentiable. A NaN reaches every output whose row covers it: <see
    /// cref="SincKernel.Taps"/> inputs.
    /// </summary>
    Conv1d,

    /// <summary>
    /// Blocks of neighbouring outputs, each a window of the input times a small dense matrix, all in one batched product. Any device,
    /// differentiable. A NaN reaches the outputs of every block whose window covers it, at most some 6 L inputs away.
    /// </summary>
    Banded,

    /// <summary>
    /// A dot product of L taps an output, straight from the tensor's memory with .NET's vectors, on <c>torch.get_num_threads()</c> threads.
    /// CPU tensors without gradient only. A NaN reaches only the outputs whose L taps meet it.
    /// </summary>
    Polyphase,
}
