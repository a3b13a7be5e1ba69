using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator splitTensor = new("aten::split", "Tensor");
        private static readonly Operator splitWithSizesOp = new("aten::split_with_sizes");
        private static readonly Operator tensorSplitSections = new("aten::tensor_split", "sections");
        private static readonly Operator tensorSplitIndices = new("aten::tensor_split", "indices");
        private static readonly Operator chunkOp = new("aten::chunk");
        private static readonly Operator unbindInt = new("aten::unbind", "int");

        /// <summary>Parts of a size along a dimension; views.</summary>
        public Tensor[] split(long size, int dim = 0) => splitTensor.CallMany(this, size, dim);

        /// <summary>Parts of given sizes along a dimension; views.</summary>
        public Tensor[] split(long[] sizes, long dim = 0) => splitWithSizesOp.CallMany(this, sizes, dim);

        /// <summary>Parts of given sizes along a dimension; views.</summary>
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => split(sizes.ToArray(), dim);

        /// <summary>Parts of given sizes along the first dimension; views.</summary>
        public Tensor[] split(params long[] sizes) => split(sizes, 0L);

        /// <summary>A number of parts along a dimension, nearly equal; views.</summary>
        public Tensor[] tensor_split(long size, long dim = 0) => tensorSplitSections.CallMany(this, size, dim);

        /// <summary>Parts along a dimension, split before given positions; views.</summary>
        public Tensor[] tensor_split(long[] sizes, long dim = 0) => tensorSplitIndices.CallMany(this, sizes, dim);

        /// <summary>A number of parts along a dimension; views.</summary>
        public Tensor[] chunk(long chunks, long dim = 0) => chunkOp.CallMany(this, chunks, dim);

        /// <summary>The positions of a dimension, one by one; views.</summary>
        public Tensor[] unbind(long dimension = 0) => unbindInt.CallMany(this, dimension);
    }

    private static readonly Operator catOp = new("aten::cat");
    private static readonly Operator stackOp = new("aten::stack");
    private static readonly Operator hstackOp = new("aten::hstack");
    private static readonly Operator vstackOp = new("aten::vstack");
    private static readonly Operator meshgridIndexing = new("aten::meshgrid", "indexing");
    private static readonly Operator broadcastTensorsOp = new("aten::broadcast_tensors");
    private static readonly Operator blockDiagOp = new("aten::block_diag");
    private static readonly Operator cartesianProdOp = new("aten::cartesian_prod");

    /// <summary>Tensors one behind another along a dimension.</summary>
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => catOp.Call(tensors.ToArray(), dim);

    /// <summary>Tensors one behind another along a dimension.</summary>
    public static Tensor cat(Tensor[] tensors, long dim = 0) => catOp.Call(tensors, dim);

    /// <summary>Tensors one behind another along a dimension.</summary>
    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => catOp.Call(tensors.ToArray(), dim);

    /// <summary>Tensors one behind another along a dimension.</summary>
    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    /// <summary>Tensors one behind another along a dimension.</summary>
    public static Tensor concat(Tensor[] tensors, long dim = 0) => cat(tensors, dim);

    /// <summary>Tensors one behind another along a dimension.</summary>
    public static Tensor concat(ReadOnlySpan<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    /// <summary>Tensors side by side along a new dimension.</summary>
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => stackOp.Call(tensors.ToArray(), dim);

    /// <summary>Tensors one behind another along the second dimension.</summary>
    public static Tensor hstack(IList<Tensor> tensors) => hstackOp.Call(tensors.ToArray());

    /// <summary>Tensors one behind another along the second dimension.</summary>
    public static Tensor hstack(params Tensor[] tensors) => hstackOp.Call(tensors);

    /// <summary>Tensors one behind another along the second dimension.</summary>
    public static Tensor hstack(ReadOnlySpan<Tensor> tensors) => hstackOp.Call(tensors.ToArray());

    /// <summary>Tensors one behind another along the second dimension.</summary>
    public static Tensor hstack(IEnumerable<Tensor> tensors) => hstackOp.Call(tensors.ToArray());

    /// <summary>Tensors one behind another along the first of two dimensions.</summary>
    public static Tensor vstack(IList<Tensor> tensors) => vstackOp.Call(tensors.ToArray());

    /// <summary>Tensors one behind another along the first of two dimensions.</summary>
    public static Tensor vstack(Tensor[] tensors) => vstackOp.Call(tensors);

    /// <summary>Tensors one behind another along the first of two dimensions.</summary>
    public static Tensor vstack(ReadOnlySpan<Tensor> tensors) => vstackOp.Call(tensors.ToArray());

    /// <summary>Parts of given sizes along a dimension; views.</summary>
    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0) => tensor.split(split_size_or_sections, dim);

    /// <summary>The positions of a dimension, one by one; views.</summary>
    public static Tensor[] unbind(Tensor input, long dim = 0) => input.unbind(dim);

    /// <summary>The positions of a dimension, one by one; views.</summary>
    public static Tensor[] unbind(Tensor tensor, int dim = 0) => tensor.unbind((long)dim);

    /// <summary>Coordinates of a grid.</summary>
    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") => meshgridIndexing.CallMany(tensors.ToArray(), indexing);

    /// <summary>Tensors expanded to their common shape.</summary>
    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => broadcastTensorsOp.CallMany(tensors);

    /// <summary>A matrix of blocks along its diagonal.</summary>
    public static Tensor block_diag(params Tensor[] tensors) => blockDiagOp.Call(tensors);

    /// <summary>All combinations of elements.</summary>
    public static Tensor cartesian_prod(IList<Tensor> tensors) => cartesianProdOp.Call(tensors.ToArray());

    /// <summary>All combinations of elements.</summary>
    public static Tensor cartesian_prod(params Tensor[] tensors) => cartesianProdOp.Call(tensors);

    /// <summary>All combinations of elements.</summary>
    public static Tensor cartesian_prod(ReadOnlySpan<Tensor> tensors) => cartesianProdOp.Call(tensors.ToArray());

    /// <summary>A number of parts along a dimension, nearly equal; views.</summary>
    public static Tensor[] tensor_split(Tensor input, long indices_or_sections, long dim = 0) => input.tensor_split(indices_or_sections, dim);

    /// <summary>Parts along a dimension, split before given positions; views.</summary>
    public static Tensor[] tensor_split(Tensor input, long[] indices_or_sections, long dim = 0) => input.tensor_split(indices_or_sections, dim);

    /// <summary>A number of parts along a dimension; views.</summary>
    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);
}
