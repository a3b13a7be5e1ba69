using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    private static readonly Operator resultTypeTensor = new("aten::result_type", "Tensor");
    private static readonly Operator promoteTypesOp = new("aten::promote_types");
    private static readonly Operator canCastOp = new("aten::can_cast");

    /// <summary>The type of the result of an operation on two tensors.</summary>
    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => (ScalarType)resultTypeTensor.CallValue(tensor1, tensor2).Payload;

    /// <summary>The smallest type that holds the values of two.</summary>
    public static ScalarType promote_types(ScalarType type1, ScalarType type2) => (ScalarType)promoteTypesOp.CallValue(type1, type2).Payload;

    /// <summary>Whether values of a type may become another.</summary>
    public static bool can_cast(ScalarType from, ScalarType to) => canCastOp.CallValue(from, to).Payload != 0;
}
