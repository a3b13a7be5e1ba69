namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter. Its tensors belong to no dispose scope.</summary>
public abstract class OptimizerState
{
    /// <summary>The parameter.</summary>
    protected Parameter _parameter;

    /// <summary>The state of a parameter.</summary>
    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    /// <summary>The state of a parameter that was never changed.</summary>
    public abstract void Initialize(OptimizerOptions options);

    /// <summary>Writes it.</summary>
    public abstract void SaveStateDict(BinaryWriter writer);

    /// <summary>Reads it.</summary>
    public abstract void LoadStateDict(BinaryReader reader);

    /// <summary>Copies it.</summary>
    public abstract void LoadStateDict(OptimizerState source);

    /// <summary>Moves it.</summary>
    public virtual void to(Device device)
    {
    }

    /// <summary>Whether another state is nearly the same.</summary>
    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    /// <summary>Writes whether there is a tensor, and the tensor.</summary>
    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    /// <summary>Reads what <see cref="SaveConditionalStateTensor"/> wrote; null where there was none.</summary>
    protected static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor result, Device device)
    {
        Tensor? read = null;
        if (reader.ReadBoolean()) read = TensorExtensionMethods.Load(reader).to(device, disposeAfter: true).DetachFromDisposeScope();
        result?.Dispose();
        result = read!;
    }

    /// <summary>Puts a copy of a tensor on the parameter's device in a field; the old one is disposed.</summary>
    private protected void Copy(ref Tensor field, Tensor? source)
    {
        var copy = source?.to(_parameter.device, copy: true).DetachFromDisposeScope();
        field?.Dispose();
        field = copy!;
    }

    /// <summary>Zeros like the parameter.</summary>
    private protected void Clear(ref Tensor field)
    {
        field?.Dispose();
        field = zeros_like(_parameter).DetachFromDisposeScope();
    }

    private protected static void Move(ref Tensor field, Device device)
    {
        if (field is not null) field = field.to(device, disposeAfter: true).DetachFromDisposeScope();
    }
}
