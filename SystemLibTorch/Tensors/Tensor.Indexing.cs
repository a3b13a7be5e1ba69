using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One place of an index expression: a number, a range, a new axis, an ellipsis, or a tensor of positions or truth values.</summary>
    public readonly struct TensorIndex
    {
        internal enum Form
        {
            Slice,
            Single,
            NewAxis,
            Ellipsis,
            Positions,
            Bool,
        }

        internal readonly Form Kind;
        internal readonly long? Start;
        internal readonly long? Stop;
        internal readonly long? Step;
        internal readonly Tensor? Positions;

        private TensorIndex(Form kind, long? start = null, long? stop = null, long? step = null, Tensor? positions = null) =>
            (Kind, Start, Stop, Step, Positions) = (kind, start, stop, step, positions);

        /// <summary>All of a dimension.</summary>
        public static readonly TensorIndex Colon = new(Form.Slice);

        /// <summary>All dimensions not named by the others.</summary>
        public static readonly TensorIndex Ellipsis = new(Form.Ellipsis);

        /// <summary>A new dimension of one.</summary>
        public static readonly TensorIndex None = new(Form.NewAxis);

        /// <summary>A new dimension of one.</summary>
        public static readonly TensorIndex Null = None;

        /// <summary>A range of positions.</summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(Form.Slice, start, stop, step);

        /// <summary>A range of positions.</summary>
        public static TensorIndex Slice((int? start, int? stop) range) => Slice(range.start, range.stop);

        /// <summary>A range of positions.</summary>
        public static TensorIndex Slice(Range range) => Slice(Bound(range.Start, 0), range.End.Equals(^0) ? null : Bound(range.End, 0));

        /// <summary>One position; the dimension goes.</summary>
        public static TensorIndex Single(long? index) => index is { } i ? new(Form.Single, i) : None;

        /// <summary>A new dimension of one, or of none.</summary>
        public static TensorIndex Bool(bool value) => new(Form.Bool, value ? 1 : 0);

        /// <summary>Positions, or truth values.</summary>
        public static TensorIndex Tensor(Tensor tensor) => new(Form.Positions, positions: tensor);

        /// <summary>One position.</summary>
        public static implicit operator TensorIndex(long value) => Single(value);

        /// <summary>One position; <c>^1</c> is the last.</summary>
        public static implicit operator TensorIndex(Index index) => Single(Bound(index, 0));

        /// <summary>A range of positions.</summary>
        public static implicit operator TensorIndex(Range range) => Slice(range);

        /// <summary>A range of positions.</summary>
        public static implicit operator TensorIndex((int? start, int? stop) range) => Slice(range);

        private static long Bound(Index index, long zero) => index.IsFromEnd ? zero - index.Value : index.Value;
    }

    public partial class Tensor
    {
        private static readonly Operator selectInt = new("aten::select", "int");
        private static readonly Operator sliceTensor = new("aten::slice", "Tensor");
        private static readonly Operator indexTensor = new("aten::index", "Tensor");
        private static readonly Operator indexPut = new("aten::index_put_");
        private static readonly Operator aliasOp = new("aten::alias");

        /// <summary>A view or copy by index expression, as Python's <c>tensor[...]</c>.</summary>
        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        /// <summary>Elements by tensors of positions, one a dimension.</summary>
        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        /// <summary>One position of the first dimension.</summary>
        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => selectInt.Call(this, 0L, i1);
            set => Put(value, i1);
        }

        /// <summary>One position of each of two dimensions.</summary>
        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => Pick(i1, i2);
            set => Put(value, i1, i2);
        }

        /// <summary>One position of each of three dimensions.</summary>
        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => Pick(i1, i2, i3);
            set => Put(value, i1, i2, i3);
        }

        /// <summary>One position of each of four dimensions.</summary>
        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => Pick(i1, i2, i3, i4);
            set => Put(value, i1, i2, i3, i4);
        }

        /// <summary>A view or copy by index expression.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            var (view, positions) = Basic(indices);
            if (positions is null) return view;
            using (view) return indexTensor.Call(view, positions);
        }

        /// <summary>Elements by tensors of positions or truth values, one a dimension.</summary>
        public Tensor index(params Tensor[] indices) => indexTensor.Call(this, indices);

        /// <summary>Writes into the elements of an index expression.</summary>
        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            var (view, positions) = Basic(indices);
            using (view)
            {
                if (positions is null)
                    view.copy_(value);
                else
                    indexPut.Modify(view, view, positions, value, false);
            }
            return this;
        }

        /// <summary>Writes into elements by tensors of positions.</summary>
        public Tensor index_put_(Tensor value, params Tensor[] indices) => indexPut.Modify(this, this, indices, value, false);

        /// <summary>Writes into, or adds to, elements by tensors of positions.</summary>
        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => indexPut.Modify(this, this, indices, value, accumulate);

        /// <summary>Writes one number into the elements of an index expression.</summary>
        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var number = full([], value, dtype, device);
            return index_put_(number, indices);
        }

        /// <summary>One position of a dimension, which goes.</summary>
        public Tensor select(long dim, long index) => selectInt.Call(this, dim, index);

        /// <summary>Every <paramref name="step"/>th position of a dimension from start to finish.</summary>
        public Tensor slice(long dim, long start, long finish, long step) => sliceTensor.Call(this, dim, start, finish, step);

        /// <summary>Another tensor over the same memory.</summary>
        public Tensor alias() => aliasOp.Call(this);

        private Tensor Pick(params ReadOnlySpan<long> positions)
        {
            var view = selectInt.Call(this, 0L, positions[0]);
            foreach (var position in positions[1..])
            {
                var next = selectInt.Call(view, 0L, position);
                view.Dispose();
                view = next;
            }
            return view;
        }

        private void Put(Tensor value, params ReadOnlySpan<long> positions)
        {
            using var view = Pick(positions);
            view.copy_(value);
        }

        /// <summary>
        /// Applies what an index expression does by views (numbers, ranges, new axes, the ellipsis) and returns the view together with the tensors
        /// of positions that are left for it, or null when there are none.
        /// </summary>
        private (Tensor view, Tensor?[]? positions) Basic(TensorIndex[] indices)
        {
            long consumed = 0;
            var ellipses = 0;
            foreach (var index in indices)
            {
                if (index.Kind == TensorIndex.Form.Ellipsis) ellipses++;
                else if (index.Kind == TensorIndex.Form.Positions) consumed += index.Positions!.dtype == ScalarType.Bool ? index.Positions.dim() : 1;
                else if (index.Kind is TensorIndex.Form.Slice or TensorIndex.Form.Single) consumed++;
            }
            if (consumed > dim()) throw new ArgumentException($"{consumed} indices for a tensor of {dim()} dimensions", nameof(indices));
            if (ellipses > 1) throw new ArgumentException("an index expression takes one ellipsis", nameof(indices));

            var view = this;
            List<Tensor?>? positions = null;
            long at = 0; // the view's next dimension
            var entry = 0L; // its place in the list of positions, where a mask over several dimensions is one entry
            foreach (var index in indices)
            {
                Tensor? next = null;
                switch (index.Kind)
                {
                    case TensorIndex.Form.Slice:
                        if (index.Start is not null || index.Stop is not null || index.Step is not null)
                            next = sliceTensor.Call(view, at, index.Start, index.Stop, index.Step ?? 1);
                        at++;
                        entry++;
                        break;
                    case TensorIndex.Form.Single:
                        next = selectInt.Call(view, at, index.Start!.Value);
                        break;
                    case TensorIndex.Form.NewAxis:
                        next = view.unsqueeze(at++);
                        entry++;
                        break;
                    case TensorIndex.Form.Ellipsis:
                        at += dim() - consumed;
                        entry += dim() - consumed;
                        break;
                    case TensorIndex.Form.Bool:
                        using (var widened = view.unsqueeze(at)) next = sliceTensor.Call(widened, at, 0L, index.Start, 1L);
                        at++;
                        entry++;
                        break;
                    case TensorIndex.Form.Positions:
                        positions ??= [];
                        while (positions.Count < entry) positions.Add(null);
                        positions.Add(index.Positions);
                        entry++;
                        at += index.Positions!.dtype == ScalarType.Bool ? index.Positions.dim() : 1;
                        break;
                }
                if (next is null) continue;
                if (!ReferenceEquals(view, this)) view.Dispose();
                view = next;
            }
            // The caller disposes of the view, which must therefore never be this tensor itself.
            return (ReferenceEquals(view, this) ? aliasOp.Call(this) : view, positions?.ToArray());
        }
    }
}
