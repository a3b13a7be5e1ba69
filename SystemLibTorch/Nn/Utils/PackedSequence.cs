namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            public static partial class rnn
            {
                /// <summary>Sequences of different lengths, longest first, interleaved step by step without padding.</summary>
                public sealed class PackedSequence : IDisposable
                {
                    /// <summary>The elements of all steps, one step behind the other.</summary>
                    public readonly Tensor data;

                    /// <summary>How many sequences reach each step.</summary>
                    public readonly Tensor batch_sizes;

                    /// <summary>Where in the batch each sequence stood before sorting; an empty handle where it was sorted.</summary>
                    public readonly Tensor sorted_indices;

                    /// <summary>Where among the sorted each sequence of the batch is; an empty handle where it was sorted.</summary>
                    public readonly Tensor unsorted_indices;

                    internal PackedSequence(Tensor data, Tensor batchSizes, Tensor? sorted, Tensor? unsorted)
                    {
                        this.data = data;
                        batch_sizes = batchSizes;
                        sorted_indices = sorted ?? Undefined();
                        unsorted_indices = unsorted ?? Undefined();
                    }

                    internal Tensor? SortedOrNull => sorted_indices.IsInvalid ? null : sorted_indices;

                    internal Tensor? UnsortedOrNull => unsorted_indices.IsInvalid ? null : unsorted_indices;

                    internal long BatchSize
                    {
                        get
                        {
                            using var first = batch_sizes[0];
                            return first.item<long>();
                        }
                    }

                    private IEnumerable<Tensor> Tensors => new[] { data, batch_sizes, sorted_indices, unsorted_indices }.Where(tensor => !tensor.IsInvalid);

                    /// <summary>Hands the tensors to the scope outside the one that owns them.</summary>
                    public PackedSequence MoveToOuterDisposeScope()
                    {
                        foreach (var tensor in Tensors) tensor.MoveToOuterDisposeScope();
                        return this;
                    }

                    /// <summary>Hands the tensors to another scope, or to nobody.</summary>
                    public PackedSequence MoveToOtherDisposeScope(DisposeScope? other)
                    {
                        foreach (var tensor in Tensors) tensor.MoveToOtherDisposeScope(other);
                        return this;
                    }

                    /// <summary>Hands the tensors to the scope that owns another packed sequence.</summary>
                    public PackedSequence MoveToOtherDisposeScope(PackedSequence other) => MoveToOtherDisposeScope(other.data.OwningScope);

                    /// <summary>Takes the tensors out of every scope.</summary>
                    public PackedSequence DetachFromDisposeScope()
                    {
                        foreach (var tensor in Tensors) tensor.DetachFromDisposeScope();
                        return this;
                    }

                    /// <inheritdoc/>
                    public void Dispose()
                    {
                        foreach (var tensor in Tensors) tensor.Dispose();
                    }
                }
            }
        }

        /// <summary>What TorchSharp makes of a result that libtorch leaves undefined: a tensor with an empty handle.</summary>
        internal static Tensor Undefined()
        {
            var tensor = empty([0]);
            tensor.Dispose();
            return tensor;
        }
    }
}
