using SystemLibTorch.Native;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>A long short-term memory of one or more layers, in one direction or both. Weights are named as in PyTorch (<c>weight_ih_l0</c>...).</summary>
    public sealed class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
    {
        private static readonly Operator lstm = new("aten::lstm", "input");
        private static readonly Operator lstmPacked = new("aten::lstm", "data");
        private static readonly Operator indexSelect = new("aten::index_select");

        private readonly long hiddenSize;
        private readonly long numLayers;
        private readonly bool hasBias;
        private readonly bool batchFirst;
        private readonly double dropout;
        private readonly bool bidirectional;
        private readonly string[] weightNames;

        internal LSTM(
            long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional, Device? device, ScalarType? dtype)
            : base(nameof(LSTM))
        {
            this.hiddenSize = hiddenSize;
            this.numLayers = numLayers;
            hasBias = bias;
            this.batchFirst = batchFirst;
            this.dropout = dropout;
            this.bidirectional = bidirectional;

            const int Gates = 4;
            List<string> names = [];
            for (long layer = 0; layer < numLayers; layer++)
            {
                foreach (var direction in bidirectional ? ["", "_reverse"] : new[] { "" })
                {
                    var inputs = layer == 0 ? inputSize : hiddenSize * Directions;
                    Add($"weight_ih_l{layer}{direction}", [Gates * hiddenSize, inputs]);
                    Add($"weight_hh_l{layer}{direction}", [Gates * hiddenSize, hiddenSize]);
                    if (!bias) continue;
                    Add($"bias_ih_l{layer}{direction}", [Gates * hiddenSize]);
                    Add($"bias_hh_l{layer}{direction}", [Gates * hiddenSize]);
                }
            }
            weightNames = [.. names];
            var first = get_parameter(weightNames[0])!;
            _deviceType = first.device_type;
            _deviceIndex = first.device_index;

            void Add(string name, long[] shape)
            {
                var weight = nn.Parameter(empty(shape, dtype, device));
                var bound = 1 / Math.Sqrt(hiddenSize);
                nn.init.uniform_(weight, -bound, bound);
                // As on the real package, it stays in the scope at hand: detach it where the module should outlive that scope.
                register_parameter(name, weight);
                names.Add(name);
            }
        }

        private long Directions => bidirectional ? 2 : 1;

        /// <summary>
        /// The outputs of the last layer, <c>[time, batch, hidden]</c> (or batch first), and each layer's last state and memory,
        /// <c>[layers * directions, batch, hidden]</c>. Without a first state it is of zeros.
        /// </summary>
        public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
        {
            if (h0_c0 is { } state) return Run(input, state.Item1, state.Item2);
            using var zero = Zeros(input, input.size(batchFirst ? 0 : 1));
            return Run(input, zero, zero);
        }

        /// <summary>As <see cref="forward"/>, with hooks.</summary>
        public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

        /// <summary>Over packed sequences of different lengths; states are in the order of the batch before packing.</summary>
        public (nn.utils.rnn.PackedSequence, Tensor, Tensor) call(nn.utils.rnn.PackedSequence input, (Tensor, Tensor)? h0_c0 = null)
        {
            using var scope = NewDisposeScope();
            Tensor h0, c0;
            if (h0_c0 is { } state)
                (h0, c0) = (Ordered(state.Item1, input.SortedOrNull), Ordered(state.Item2, input.SortedOrNull));
            else
                h0 = c0 = Zeros(input.data, input.BatchSize);
            var (data, h, c) = lstmPacked.Call3(input.data, input.batch_sizes, new[] { h0, c0 }, Weights(), hasBias, numLayers, dropout, training, bidirectional);
            var output = new nn.utils.rnn.PackedSequence(data, input.batch_sizes.alias(), input.SortedOrNull?.alias(), input.UnsortedOrNull?.alias());
            return (
                output.MoveToOuterDisposeScope(), Ordered(h, input.UnsortedOrNull).MoveToOuterDisposeScope(),
                Ordered(c, input.UnsortedOrNull).MoveToOuterDisposeScope());
        }

        /// <summary>Nothing here: libtorch lays the weights out for cuDNN at each call.</summary>
        public void flatten_parameters()
        {
        }

        private (Tensor, Tensor, Tensor) Run(Tensor input, Tensor h0, Tensor c0) =>
            lstm.Call3(input, new[] { h0, c0 }, Weights(), hasBias, numLayers, dropout, training, bidirectional, batchFirst);

        private Tensor Zeros(Tensor like, long batch) => zeros([Directions * numLayers, batch, hiddenSize], like.dtype, like.device);

        // A move replaces the registered parameters, so they are looked up.
        private Tensor[] Weights() => Array.ConvertAll(weightNames, name => (Tensor)get_parameter(name)!);

        private static Tensor Ordered(Tensor state, Tensor? order) => order is null ? state : indexSelect.Call(state, 1L, order);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A long short-term memory, drawn uniformly from ±1/√hidden.</summary>
            public static LSTM LSTM(
                long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0, bool bidirectional = false,
                Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }
    }
}
