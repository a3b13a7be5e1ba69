using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            private const BindingFlags InstanceMembers = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

            private readonly OrderedDictionary<string, Parameter> registeredParameters = [];
            private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> registeredBuffers = [];
            private readonly OrderedDictionary<string, Module> registeredModules = [];
            private bool componentsAreRegistered;

            /// <summary>
            /// Registers what the fields hold, private ones and those of base classes too: modules, parameters, and any other tensor as a buffer;
            /// under the field's name or that of its <see cref="ComponentNameAttribute"/>. Called at the end of a constructor; once is enough.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                if (componentsAreRegistered) return;
                foreach (var field in ComponentFields(GetType()))
                {
                    var component = ComponentName(field);
                    if (registeredModules.ContainsKey(component) || registeredParameters.ContainsKey(component) || registeredBuffers.ContainsKey(component))
                        continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(component, module);
                            break;
                        case Parameter parameter:
                            register_parameter(component, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(component, tensor);
                            break;
                    }
                }
                componentsAreRegistered = true;
            }

            /// <summary>
            /// Registers a buffer: a tensor that follows the module and is not trained. A persistent one is part of the state dict. As on the real
            /// package, it stays in the dispose scope it was made in: detach it first where the module should outlive that scope.
            /// </summary>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid) throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (!registeredBuffers.TryAdd(name, (tensor, persistent))) throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            /// <summary>Registers a parameter.</summary>
            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid) throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (!registeredParameters.TryAdd(name, param)) throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            /// <summary>Registers a module below this one, and its own components; null takes the name's module out.</summary>
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule.isDisposed)
                {
                    registeredModules.Remove(name);
                    return;
                }
                if (string.IsNullOrEmpty(name)) throw new ArgumentException("module name can't be empty string \"\"");
                if (name.Contains('.')) throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (registeredModules.ContainsKey(name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                registeredModules.Add(name, submodule);
            }

            /// <summary>Registers a module below this one.</summary>
            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Sets, replaces or, with null, removes a parameter.</summary>
            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null)
                    registeredParameters.Remove(name);
                else
                    registeredParameters[name] = (Parameter)value.DetachFromDisposeScope();
            }

            /// <summary>Sets, replaces or, with null, removes a parameter.</summary>
            protected void ConditionallyRegisterParameter(string name, Tensor value) => ConditionallyRegisterParameter(name, value as Parameter);

            /// <summary>Sets, replaces or, with null, removes a buffer.</summary>
            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null)
                    registeredBuffers.Remove(name);
                else
                    registeredBuffers[name] = (value.DetachFromDisposeScope(), persistent);
            }

            /// <summary>Puts a layer's parameter in its field and among the registered; the old one is disposed.</summary>
            private protected void Adopt(ref Parameter? field, Parameter? value, [CallerMemberName] string name = "")
            {
                if (ReferenceEquals(field, value)) return;
                field?.Dispose();
                field = value;
                ConditionallyRegisterParameter(name, value);
            }

            /// <summary>Puts a layer's buffer in its field and among the registered; the old one is disposed.</summary>
            private protected void Adopt(ref Tensor? field, Tensor? value, [CallerMemberName] string name = "")
            {
                if (ReferenceEquals(field, value)) return;
                field?.Dispose();
                field = value;
                ConditionallyRegisterBuffer(name, value);
            }

            /// <summary>Forgets the modules below.</summary>
            protected void ClearModules() => registeredModules.Clear();

            /// <summary>All instance fields, those of the class itself first; one that hides a base class's field stands for both.</summary>
            private static IEnumerable<FieldInfo> ComponentFields(Type type)
            {
                var seen = new HashSet<string>();
                for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
                    foreach (var field in at.GetFields(InstanceMembers))
                        if (seen.Add(field.Name)) yield return field;
            }

            private static string ComponentName(FieldInfo field) => field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
        }
    }
}
