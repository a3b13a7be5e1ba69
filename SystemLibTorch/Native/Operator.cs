using System.Runtime.InteropServices;
using System.Text;

namespace SystemLibTorch.Native;

/// <summary>
/// An operator of libtorch, found in its dispatcher by schema name at the first call and then called boxed. Arguments are given in the schema's order;
/// trailing ones may be left out where the schema has defaults.
/// </summary>
internal sealed unsafe class Operator(string name, string overload = "")
{
    private const int ScratchBytes = 512;

    private nint address;

    static Operator() => Metrics.Publish();

    /// <summary>Whether this libtorch has the operator.</summary>
    public bool Exists => Find() != 0;

    /// <summary>The schema's name.</summary>
    public override string ToString() => overload.Length == 0 ? name : $"{name}.{overload}";

    /// <summary>Calls the operator and returns its one tensor.</summary>
    public torch.Tensor Call(params ReadOnlySpan<Arg> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return torch.Tensor.Own((nint)result.Payload);
    }

    /// <summary>Calls an in-place operator; returns <paramref name="self"/> itself, as TorchSharp does.</summary>
    public torch.Tensor Modify(torch.Tensor self, params ReadOnlySpan<Arg> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        NativeMethods.slt_tensor_free((nint)result.Payload);
        return self;
    }

    /// <summary>Calls an operator of two results.</summary>
    public (torch.Tensor, torch.Tensor) Call2(params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc NativeValue[2];
        Invoke(arguments, results, 2);
        return (torch.Tensor.Own((nint)results[0].Payload), torch.Tensor.Own((nint)results[1].Payload));
    }

    /// <summary>Calls an operator of three results.</summary>
    public (torch.Tensor, torch.Tensor, torch.Tensor) Call3(params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc NativeValue[3];
        Invoke(arguments, results, 3);
        return (torch.Tensor.Own((nint)results[0].Payload), torch.Tensor.Own((nint)results[1].Payload), torch.Tensor.Own((nint)results[2].Payload));
    }

    /// <summary>Calls an operator whose results, or whose one list, are tensors.</summary>
    public torch.Tensor[] CallMany(params ReadOnlySpan<Arg> arguments)
    {
        const int Few = 8;
        var few = stackalloc NativeValue[Few];
        var count = Invoke(arguments, few, Few);
        ReadOnlySpan<NativeValue> results;
        if (count <= Few)
        {
            results = new(few, count);
        }
        else
        {
            var many = new NativeValue[count];
            fixed (NativeValue* target = many) NativeMethods.slt_overflow(target);
            results = many;
        }
        var tensors = new torch.Tensor[count];
        for (var i = 0; i < count; i++) tensors[i] = torch.Tensor.Own((nint)results[i].Payload);
        return tensors;
    }

    /// <summary>Calls an operator whose result is a number or a truth value.</summary>
    public NativeValue CallValue(params ReadOnlySpan<Arg> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return result;
    }

    private nint Find()
    {
        if (address == 0) address = NativeMethods.slt_operator(name, overload);
        return address;
    }

    private int Invoke(ReadOnlySpan<Arg> arguments, NativeValue* results, int capacity)
    {
        var op = Find();
        if (op == 0) throw NativeError.Take();

        var values = stackalloc NativeValue[arguments.Length];
        var scratch = stackalloc byte[ScratchBytes];
        var used = 0;
        List<nint>? spilled = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            values[i] = new NativeValue { Tag = argument.Tag, Payload = argument.Payload };
            switch (argument.Tag)
            {
                case ValueTag.Tensor:
                    values[i].Payload = ((torch.Tensor)argument.Reference!).Handle;
                    break;
                case ValueTag.Generator:
                    values[i].Payload = ((torch.Generator)argument.Reference!).Handle;
                    break;
                case ValueTag.IntList:
                    Lay(ref values[i], MemoryMarshal.AsBytes(((long[])argument.Reference!).AsSpan()), sizeof(long), scratch, ref used, ref spilled);
                    break;
                case ValueTag.DoubleList:
                    Lay(ref values[i], MemoryMarshal.AsBytes(((double[])argument.Reference!).AsSpan()), sizeof(double), scratch, ref used, ref spilled);
                    break;
                case ValueTag.TensorList:
                    var handles = Array.ConvertAll((torch.Tensor?[])argument.Reference!, tensor => tensor is null ? 0 : (long)tensor.Handle);
                    Lay(ref values[i], MemoryMarshal.AsBytes(handles.AsSpan()), sizeof(long), scratch, ref used, ref spilled);
                    break;
                case ValueTag.String:
                    Lay(ref values[i], Encoding.UTF8.GetBytes((string)argument.Reference!), 1, scratch, ref used, ref spilled);
                    break;
            }
        }
        var count = NativeMethods.slt_call(op, values, arguments.Length, results, capacity);
        // A tensor whose last use was its handle above must outlive the call.
        foreach (ref readonly var argument in arguments) GC.KeepAlive(argument.Reference);
        if (spilled is not null)
            foreach (var memory in spilled) NativeMemory.Free((void*)memory);
        return count >= 0 ? count : throw NativeError.Take();
    }

    /// <summary>Copies a list's bytes next to the values, on the stack while they fit.</summary>
    private static void Lay(ref NativeValue value, ReadOnlySpan<byte> bytes, int elementSize, byte* scratch, ref int used, ref List<nint>? spilled)
    {
        value.Count = bytes.Length / elementSize;
        byte* target;
        if (used + bytes.Length <= ScratchBytes)
        {
            target = scratch + used;
            used += (bytes.Length + 7) & ~7;
        }
        else
        {
            target = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
            (spilled ??= []).Add((nint)target);
        }
        bytes.CopyTo(new Span<byte>(target, bytes.Length));
        value.Payload = (long)target;
    }
}
