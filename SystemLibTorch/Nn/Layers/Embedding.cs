using SystemLibTorch.Native;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>A row of the weight for each number.</summary>
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private static readonly Operator embedding = new("aten::embedding");
        private static readonly Operator renormInPlace = new("aten::embedding_renorm_");
        private static readonly Operator selectOp = new("aten::select", "int");

        private readonly long paddingIndex;
        private readonly double? maxNorm;
        private readonly double normType;
        private readonly bool scaleGradByFrequency;
        private readonly bool sparse;

        [ComponentName(Name = nameof(weight))]
        private Parameter? _weight;

        internal Embedding(Parameter weight, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse) : base(nameof(Embedding))
        {
            var rows = weight.size(0);
            if (padding_idx is { } given && (given < -rows || given >= rows))
                throw new ArgumentOutOfRangeException(nameof(padding_idx), given, $"an embedding of {rows} rows has rows {-rows} to {rows - 1}");
            paddingIndex = padding_idx is { } index ? index < 0 ? index + rows : index : -1;
            maxNorm = max_norm;
            normType = norm_type;
            scaleGradByFrequency = scale_grad_by_freq;
            this.sparse = sparse;
            _weight = weight;
            register_parameter(nameof(weight), weight);
            _deviceType = weight.device_type;
            _deviceIndex = weight.device_index;
        }

        /// <summary><c>[numbers, dimensions]</c>; as on the real package, whose layer is native, a tensor of its own at each reading.</summary>
        public Parameter? weight { get => _weight is { } own ? new Parameter(own) : null; set => Adopt(ref _weight, value); }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input)
        {
            if (maxNorm is { } norm)
            {
                using var frozen = no_grad();
                renormInPlace.Modify(_weight!, _weight, input, norm, normType);
            }
            return embedding.Call(_weight, input, paddingIndex, scaleGradByFrequency, sparse);
        }

        /// <summary>Standard normal rows, the padding's of zeros.</summary>
        internal Embedding Draw()
        {
            nn.init.normal_(_weight!);
            if (paddingIndex < 0) return this;
            using var frozen = no_grad();
            using var row = selectOp.Call(_weight, 0L, paddingIndex);
            nn.init.zeros_(row);
            return this;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Standard normal rows, one a number; the row of <paramref name="padding_idx"/> is of zeros and is not trained.</summary>
            public static Embedding Embedding(
                long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                new Embedding(Parameter(empty([num_embeddings, embedding_dims], dtype, device)), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse).Draw();

            /// <summary>Given rows; frozen unless told otherwise.</summary>
            public static Embedding Embedding_from_pretrained(
                Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                new(
                    Parameter(embeddings.detach().to(dtype ?? embeddings.dtype, device ?? embeddings.device), !freeze), padding_idx, max_norm, norm_type,
                    scale_grad_by_freq, sparse);
        }
    }
}
