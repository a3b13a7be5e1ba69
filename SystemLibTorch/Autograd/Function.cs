using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe partial class autograd
    {
        /// <summary>A function whose forward and backward are written in C#. One instance serves every call: it holds no state.</summary>
        public abstract class Function<T> where T : Function<T>, new()
        {
            private static readonly T instance = new();

            internal Function()
            {
            }

            /// <summary>The name that error messages give it.</summary>
            public abstract string Name { get; }

            internal abstract List<Tensor> Forward(AutogradContext context, object[] vars);

            internal abstract List<Tensor?> Backward(AutogradContext context, List<Tensor?> grads);

            /// <summary>Runs forward unrecorded, and records the whole as one node of the graph.</summary>
            public static List<Tensor> apply_internal(params object[] vars)
            {
                var context = new AutogradContext();
                var call = new CustomCall(context, grads => instance.Backward(context, grads), vars);
                return call.Run(instance.Name, () => instance.Forward(context, vars));
            }
        }

        /// <summary>A custom function of one result.</summary>
        public abstract class SingleTensorFunction<T> : Function<T> where T : SingleTensorFunction<T>, new()
        {
            /// <summary>The result of the arguments given to <see cref="apply"/>.</summary>
            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            /// <summary>The gradient of each argument given to <see cref="apply"/>, null for those that are no tensors or have none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            /// <summary>Calls the function.</summary>
            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            internal sealed override List<Tensor> Forward(AutogradContext context, object[] vars) => [forward(context, vars)];

            internal sealed override List<Tensor?> Backward(AutogradContext context, List<Tensor?> grads) => [.. backward(context, grads[0]!)];
        }

        /// <summary>A custom function of several results.</summary>
        public abstract class MultiTensorFunction<T> : Function<T> where T : MultiTensorFunction<T>, new()
        {
            /// <summary>The results of the arguments given to <see cref="apply"/>.</summary>
            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            /// <summary>The gradient of each argument given to <see cref="apply"/>, null for those that are no tensors or have none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            /// <summary>Calls the function.</summary>
            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            internal sealed override List<Tensor> Forward(AutogradContext context, object[] vars) => forward(context, vars);

            internal sealed override List<Tensor?> Backward(AutogradContext context, List<Tensor?> grads) => [.. backward(context, grads!)];
        }

        /// <summary>One call of a custom function: the graph's node holds it by a handle until the graph goes.</summary>
        private sealed class CustomCall
        {
            private readonly AutogradContext context;
            private readonly Func<List<Tensor?>, List<Tensor?>> backward;
            private readonly bool[] isTensor;
            private readonly Tensor[] inputs;

            internal CustomCall(AutogradContext context, Func<List<Tensor?>, List<Tensor?>> backward, object[] vars)
            {
                this.context = context;
                this.backward = backward;
                isTensor = Array.ConvertAll(vars, value => value is Tensor);
                inputs = [.. vars.OfType<Tensor>()];
            }

            internal List<Tensor> Run(string name, Func<List<Tensor>> forward)
            {
                var inputHandles = Handles(inputs);
                var self = GCHandle.Alloc(new Backend(context, backward, isTensor));
                nint node;
                fixed (nint* i = inputHandles)
                {
                    var status = NativeMethods.slt_function_begin(name, GCHandle.ToIntPtr(self), &OnBackward, &OnRelease, i, inputs.Length, &node);
                    NativeError.Check(status);
                }
                List<Tensor> raw;
                nint[] outputHandles, dirty, constant, saved;
                try
                {
                    using (no_grad()) raw = forward();
                    // An output without a tensor would end the process inside libtorch.
                    if (raw is null || raw.Contains(null!)) throw new InvalidOperationException($"forward of {name} returned null where a tensor belongs");
                    (outputHandles, dirty, constant, saved) =
                        (Handles(raw), Handles(context.Dirty), Handles(context.NonDifferentiable), Handles(context.Saved));
                }
                catch
                {
                    NativeMethods.slt_function_abandon(node);
                    throw;
                }
                var results = new nint[raw.Count];
                nint address;
                fixed (nint* i = inputHandles, o = outputHandles, d = dirty, c = constant, s = saved, r = results)
                {
                    var status = NativeMethods.slt_function_finish(
                        node, i, inputs.Length, o, raw.Count, d, context.Dirty.Count, c, context.NonDifferentiable.Count, s, context.Saved.Count,
                        context.MaterializeGrads ? 1 : 0, r, &address);
                    GC.KeepAlive(inputs);
                    GC.KeepAlive(raw);
                    NativeError.Check(status);
                }
                context.Node = address;
                // From here on the node owns what backward needs; wrappers kept in the context would keep the tensors alive twice.
                context.Saved.Clear();
                context.Dirty.Clear();
                context.NonDifferentiable.Clear();
                var outputs = new List<Tensor>(results.Length);
                for (var k = 0; k < results.Length; k++)
                {
                    if (Array.Exists(inputs, input => ReferenceEquals(input, raw[k])))
                    {
                        outputs.Add(Tensor.Own(results[k]));
                        continue;
                    }
                    raw[k].Replace(results[k]);
                    outputs.Add(raw[k]);
                }
                return outputs;
            }

            [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
            private static int OnBackward(nint handle, nint* grads, int count, nint* outputs, int outputCount)
            {
                try
                {
                    ((Backend)GCHandle.FromIntPtr(handle).Target!).Run(new ReadOnlySpan<nint>(grads, count), new Span<nint>(outputs, outputCount));
                    return 0;
                }
                catch (Exception exception)
                {
                    NativeError.Keep(exception);
                    return 1;
                }
            }

            [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
            private static void OnRelease(nint handle)
            {
                var self = GCHandle.FromIntPtr(handle);
                ((Backend)self.Target!).Forget();
                self.Free();
            }
        }

        /// <summary>What the graph's node holds of a call: enough to run its backward, nothing of its forward.</summary>
        private sealed class Backend(AutogradContext context, Func<List<Tensor?>, List<Tensor?>> backward, bool[] isTensor)
        {
            /// <summary>The node is gone: a context that somebody kept must not reach for it.</summary>
            internal void Forget() => context.Node = 0;

            /// <summary>Runs backward on handles that are given in, and gives handles out, one for each tensor argument.</summary>
            internal void Run(ReadOnlySpan<nint> grads, Span<nint> outputs)
            {
                using var scope = NewDisposeScope();
                var wrapped = new List<Tensor?>(grads.Length);
                foreach (var grad in grads) wrapped.Add(Tensor.OwnOrNull(grad));
                var found = backward(wrapped);
                if (found.Count != isTensor.Length)
                    throw new InvalidOperationException($"backward returned {found.Count} gradients for {isTensor.Length} arguments; it must return one for each, null where there is none");
                var next = 0;
                for (var i = 0; i < found.Count; i++)
                {
                    if (!isTensor[i])
                    {
                        if (found[i] is not null) throw new InvalidOperationException($"backward returned a gradient for argument {i}, which is no tensor");
                        continue;
                    }
                    if (next >= outputs.Length) break;
                    // A second reference: the wrapper may be a saved tensor's, or stand in the list twice.
                    outputs[next++] = found[i] is { } tensor ? NativeMethods.slt_tensor_share(tensor.Handle) : 0;
                }
            }
        }
    }
}
