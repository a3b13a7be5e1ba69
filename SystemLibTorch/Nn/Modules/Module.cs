using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// A part of a network: it owns parameters, buffers and other modules, by name. Its components are the fields of the class
        /// (<see cref="RegisterComponents"/>, called at the end of the constructor) and what is registered by hand.
        /// </summary>
        public partial class Module : IDisposable
        {
            /// <summary>The name given to the constructor.</summary>
            protected string? name;

            private bool isTraining = true;
            private bool isDisposed;

            /// <summary>A module with a name for people.</summary>
            protected Module(string name) => this.name = name;

            /// <summary>Whether it is in training mode, as it is from the start.</summary>
            public virtual bool training => isTraining;

            /// <summary>Puts the module and all below it in training mode, or out of it.</summary>
            public virtual void train(bool train = true)
            {
                isTraining = train;
                foreach (var (_, module) in named_children()) module.train(train);
            }

            /// <summary>Takes the module and all below it out of training mode.</summary>
            public virtual void eval() => train(false);

            /// <summary>Runs an action on every module below this one, children first, then on this one.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, module) in named_children()) module.apply(fn);
                fn(this);
                return this;
            }

            /// <summary>Drops the gradients of all parameters, or fills them with zeros.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var (_, parameter) in named_parameters())
                {
                    using var grad = parameter.grad;
                    if (grad is null) continue;
                    if (set_to_none)
                        parameter.grad = null;
                    else
                        zeroInPlace.Modify(grad, grad);
                }
            }

            /// <summary>The module's name.</summary>
            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            /// <inheritdoc/>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes of the parameters, the buffers and the modules below.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || isDisposed) return;
                isDisposed = true;
                foreach (var (buffer, _) in registeredBuffers.Values) buffer.Dispose();
                foreach (var parameter in registeredParameters.Values) parameter.Dispose();
                foreach (var module in registeredModules.Values) module.Dispose();
            }

            private static readonly Operator zeroInPlace = new("aten::zero_");
        }
    }
}
