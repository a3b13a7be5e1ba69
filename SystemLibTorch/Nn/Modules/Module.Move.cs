using System.Reflection;
using SystemLibTorch.Native;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Where the module was last moved to.</summary>
            protected DeviceType _deviceType = DeviceType.CPU;

            /// <summary>The index of that device, or -1.</summary>
            protected int _deviceIndex = -1;

            /// <summary>
            /// Whether a move to the device that the module was last moved to does nothing. TorchSharp's managed layers look at their tensors instead.
            /// </summary>
            private protected virtual bool TrustsLastMove => true;

            /// <summary>Moves to a device and converts to a type.</summary>
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                RequireReal(dtype);
                RequireAvailable(device.type);
                _toEpilog(dtype, device.type == DeviceType.CUDA ? device : new Device(device.type), non_blocking);
                return this;
            }

            /// <summary>Moves to a device.</summary>
            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                RequireAvailable(deviceType);
                if (deviceType != DeviceType.CUDA) deviceIndex = -1;
                if (!TrustsLastMove || deviceType != _deviceType || deviceIndex != _deviceIndex)
                    _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);
                return this;
            }

            /// <summary>Converts to a type.</summary>
            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                RequireReal(dtype);
                _toEpilog(dtype, null, non_blocking);
                return this;
            }

            /// <summary>Moves and converts as another tensor is.</summary>
            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            /// <summary>Moves and converts what is below, then puts new parameters and buffers in the place of the module's own, in fields and properties too.</summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                MoveChildren(dtype, device, non_blocking);
                var fields = ComponentFields(GetType()).ToDictionary(ComponentName);
                var properties = GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(property => property.Name);
                foreach (var (key, parameter) in named_parameters(false).ToList())
                {
                    if (!ReplaceParameter(dtype, device, parameter, out var moved)) continue;
                    if (properties.TryGetValue(key, out var property))
                    {
                        property.SetValue(this, moved);
                        continue;
                    }
                    parameter.Dispose();
                    ConditionallyRegisterParameter(key, moved);
                    if (fields.TryGetValue(key, out var field)) field.SetValue(this, moved);
                }
                foreach (var (key, buffer) in named_buffers(false).ToList())
                {
                    if (!ReplaceBuffer(dtype, device, buffer, out var moved)) continue;
                    if (properties.TryGetValue(key, out var property))
                    {
                        property.SetValue(this, moved);
                        continue;
                    }
                    ConditionallyRegisterBuffer(key, moved);
                    if (fields.TryGetValue(key, out var field)) field.SetValue(this, moved);
                }
                if (device is null) return;
                _deviceType = device.type;
                _deviceIndex = device.index;
            }

            /// <summary>Moves and converts what is below.</summary>
            private protected void MoveChildren(ScalarType? dtype, Device? device, bool nonBlocking)
            {
                foreach (var (_, module) in named_children())
                {
                    if (device is null)
                        module._to(dtype!.Value, nonBlocking);
                    else if (dtype is { } type)
                        module._to(device, type, nonBlocking);
                    else
                        module._to(device.type, device.index, nonBlocking);
                }
            }

            /// <summary>A new parameter, with its gradient, where the move changes anything. The old one is left to the caller.</summary>
            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                using var grad = param.grad;
                var type = TypeAfter(dtype, param);
                var where = device ?? param.device;
                if (Stays(param, dtype, device) && (grad is null || Stays(grad, dtype, device))) return false;

                using var frozen = no_grad();
                var moved = Stays(param, type, where) ? param.detach() : param.to(type, where);
                p = new Parameter(moved, param.requires_grad);
                p.DetachFromDisposeScope();
                if (grad is not null)
                {
                    using var movedGrad = grad.to(type, where).with_requires_grad(grad.requires_grad);
                    p.grad = movedGrad;
                }
                return true;
            }

            /// <summary>A new buffer where the move changes anything; the old one is disposed then. Integers and truth values keep their type.</summary>
            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                result = null;
                if (Stays(buffer, dtype, device)) return false;
                result = buffer.to(TypeAfter(dtype, buffer), device ?? buffer.device, disposeAfter: true).DetachFromDisposeScope();
                return true;
            }

            private static bool Stays(Tensor tensor, ScalarType? dtype, Device? device) =>
                (dtype ?? tensor.dtype) == tensor.dtype && (device is null || device.Equals(tensor.device));

            private static ScalarType TypeAfter(ScalarType? dtype, Tensor tensor) =>
                dtype is { } type && (tensor.is_floating_point() || tensor.is_complex()) ? type : tensor.dtype;

            private static void RequireReal(ScalarType dtype)
            {
                if (!torch.is_floating_point(dtype) && !torch.is_complex(dtype))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
            }

            private static void RequireAvailable(DeviceType type)
            {
                if (type == DeviceType.CUDA && NativeMethods.slt_cuda_devices() == 0) throw new InvalidOperationException("CUDA is not available.");
            }
        }
    }
}
