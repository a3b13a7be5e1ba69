using System.Runtime.CompilerServices;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Modules that each take the result of the one before. Results in between are disposed.</summary>
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<(string Name, nn.IModule<Tensor, Tensor> Module)> stages = [];

        /// <summary>Modules by number.</summary>
        protected internal Sequential(params nn.Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
        {
            foreach (var module in modules) append(module);
        }

        /// <summary>Modules by name.</summary>
        protected internal Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : base(nameof(Sequential))
        {
            foreach (var (name, module) in modules) append(name, module);
        }

        /// <summary>How many modules there are.</summary>
        public int Count => stages.Count;

        /// <summary>A module.</summary>
        [IndexerName("SequentialItems")]
        public nn.IModule<Tensor, Tensor> this[int index] => stages[index].Module;

        /// <summary>Some of the modules, under their names.</summary>
        [IndexerName("SequentialItems")]
        public Sequential this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

        /// <summary>Some of the modules, under their names.</summary>
        [IndexerName("SequentialItems")]
        public Sequential this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

        /// <summary>Adds a module, named by its number.</summary>
        public Sequential append(nn.IModule<Tensor, Tensor> module) => append($"{Count}", module);

        /// <summary>Adds a module.</summary>
        public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
        {
            register_module(name, (nn.Module)module);
            stages.Add((name, module));
            return this;
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor tensor)
        {
            if (Count == 0) return tensor.alias();
            var result = this[0].call(tensor);
            foreach (var (_, module) in stages.Skip(1))
            {
                var next = module.call(result);
                result.Dispose();
                result = next;
            }
            return result;
        }

        // The search for properties of a move would stumble over the indexers, which have one name.

        /// <inheritdoc/>
        protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
        {
            MoveChildren(dtype, device, non_blocking);
            return this;
        }

        /// <inheritdoc/>
        protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
        {
            MoveChildren(null, new Device(deviceType, deviceIndex), non_blocking);
            return this;
        }

        /// <inheritdoc/>
        protected internal override nn.Module _to(ScalarType dtype, bool non_blocking)
        {
            MoveChildren(dtype, null, non_blocking);
            return this;
        }

        private Sequential Slice(int start, int end)
        {
            if (start < 0 || start > Count) throw new IndexOutOfRangeException($"{start} is not a valid index.");
            if (end < 0 || end > Count) throw new IndexOutOfRangeException($"{end} is not a valid index.");
            var part = nn.Sequential();
            for (var i = start; i < end; i++) part.append(stages[i].Name, stages[i].Module);
            return part;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>No modules yet.</summary>
            public static Sequential Sequential() => new(Array.Empty<Module<Tensor, Tensor>>());

            /// <summary>Modules by number, each taking the result of the one before.</summary>
            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);

            /// <summary>Modules by name, each taking the result of the one before.</summary>
            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

            /// <summary>Modules by number, each taking the result of the one before.</summary>
            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => new([.. modules]);

            /// <summary>Modules by name, each taking the result of the one before.</summary>
            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new([.. modules]);
        }
    }
}
