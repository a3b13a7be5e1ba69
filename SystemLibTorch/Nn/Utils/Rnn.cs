using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Batches of sequences of different lengths.</summary>
            public static partial class rnn
            {
                private static readonly Operator packOp = new("aten::_pack_padded_sequence");
                private static readonly Operator unpackOp = new("aten::_pad_packed_sequence");
                private static readonly Operator padOp = new("aten::pad_sequence");
                private static readonly Operator sortOp = new("aten::sort");
                private static readonly Operator argsortOp = new("aten::argsort");
                private static readonly Operator indexSelect = new("aten::index_select");

                /// <summary>Sequences of <c>[length, ...]</c> in one tensor, <c>[longest, batch, ...]</c> or batch first, padded at the end.</summary>
                public static Tensor pad_sequence(IEnumerable<Tensor> sequences, bool batch_first = false, double padding_value = 0.0) =>
                    padOp.Call(sequences.ToArray(), batch_first, padding_value);

                /// <summary>Packs a padded batch. Lengths are on the CPU; unless told otherwise they must fall.</summary>
                public static PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first = false, bool enforce_sorted = true)
                {
                    using var scope = NewDisposeScope();
                    var sizes = lengths.to(ScalarType.Int64);
                    Tensor? sorted = null, unsorted = null;
                    if (!enforce_sorted)
                    {
                        (sizes, sorted) = sortOp.Call2(sizes, -1L, true);
                        sorted = sorted.to(input.device);
                        unsorted = argsortOp.Call(sorted);
                        input = indexSelect.Call(input, batch_first ? 0L : 1L, sorted);
                    }
                    var (data, steps) = packOp.Call2(input, sizes, batch_first);
                    return new PackedSequence(data, steps, sorted, unsorted).MoveToOuterDisposeScope();
                }

                /// <summary>Packs sequences of <c>[length, ...]</c>; unless told otherwise their lengths must fall.</summary>
                public static PackedSequence pack_sequence(IEnumerable<Tensor> sequences, bool enforce_sorted = true)
                {
                    var list = sequences.ToArray();
                    using var lengths = tensor(Array.ConvertAll(list, sequence => sequence.size(0)));
                    using var padded = pad_sequence(list);
                    return pack_padded_sequence(padded, lengths, false, enforce_sorted);
                }

                /// <summary>The padded batch of a packed sequence and the lengths, in the batch's order.</summary>
                public static (Tensor, Tensor) pad_packed_sequence(
                    PackedSequence sequence, bool batch_first = false, double padding_value = 0.0, long? total_length = null)
                {
                    using var scope = NewDisposeScope();
                    var (padded, lengths) = unpackOp.Call2(sequence.data, sequence.batch_sizes, batch_first, padding_value, total_length ?? -1L);
                    if (sequence.UnsortedOrNull is { } unsorted)
                    {
                        padded = indexSelect.Call(padded, batch_first ? 0L : 1L, unsorted);
                        lengths = indexSelect.Call(lengths, 0L, unsorted.cpu());
                    }
                    return (padded.MoveToOuterDisposeScope(), lengths.MoveToOuterDisposeScope());
                }
            }
        }
    }
}
