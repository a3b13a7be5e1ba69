using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Modules by name, in the order they were added. They are registered when the dictionary is registered in a module; those added later are not.
    /// As TorchSharp's, it can't be moved or converted: its two indexers have one name, which the search for properties does not forgive.
    /// </summary>
    public class ModuleDict<T> : nn.Module, IDictionary<string, T>, IList<(string, T)> where T : nn.Module
    {
        private readonly OrderedDictionary<string, T> modulesByName = [];
        private bool itemsAreRegistered;

        /// <summary>No modules yet.</summary>
        public ModuleDict() : base(nameof(ModuleDict<T>))
        {
        }

        /// <inheritdoc/>
        public int Count => modulesByName.Count;

        /// <inheritdoc cref="IDictionary{TKey, TValue}.IsReadOnly"/>
        public bool IsReadOnly => false;

        /// <inheritdoc/>
        public ICollection<string> Keys => [.. modulesByName.Keys];

        /// <inheritdoc/>
        public ICollection<T> Values => [.. modulesByName.Values];

        /// <inheritdoc/>
        public T this[string key] { get => modulesByName[key]; set => modulesByName[key] = value; }

        /// <inheritdoc/>
        public (string, T) this[int index]
        {
            get => modulesByName.GetAt(index) is var (key, module) ? (key, module) : default;
            set => modulesByName.SetAt(index, value.Item1, value.Item2);
        }

        /// <summary>The names.</summary>
        public IEnumerable<string> keys() => modulesByName.Keys;

        /// <summary>The modules.</summary>
        public IEnumerable<T> values() => modulesByName.Values;

        /// <summary>The names and modules.</summary>
        public IEnumerator<(string, T)> items() => GetEnumerator();

        /// <inheritdoc/>
        public void Add(string key, T value) => modulesByName.Add(key, value);

        /// <inheritdoc/>
        public void Add((string, T) item) => modulesByName.Add(item.Item1, item.Item2);

        /// <inheritdoc/>
        public void Add(KeyValuePair<string, T> item) => modulesByName.Add(item.Key, item.Value);

        /// <inheritdoc/>
        public void Insert(int index, (string, T) item) => modulesByName.Insert(index, item.Item1, item.Item2);

        /// <inheritdoc/>
        public bool Remove(string key) => modulesByName.Remove(key);

        /// <inheritdoc/>
        public bool Remove((string, T) item) => modulesByName.Remove(item.Item1);

        /// <inheritdoc/>
        public bool Remove(KeyValuePair<string, T> item) => modulesByName.Remove(item.Key);

        /// <inheritdoc/>
        public void RemoveAt(int index) => modulesByName.RemoveAt(index);

        /// <summary>Forgets the modules.</summary>
        public void clear() => modulesByName.Clear();

        /// <inheritdoc cref="clear"/>
        public void Clear() => modulesByName.Clear();

        /// <inheritdoc/>
        public bool ContainsKey(string key) => modulesByName.ContainsKey(key);

        /// <inheritdoc/>
        public bool Contains((string, T) item) => IndexOf(item) >= 0;

        /// <inheritdoc/>
        public bool Contains(KeyValuePair<string, T> item) => ContainsKey(item.Key);

        /// <inheritdoc/>
        public int IndexOf((string, T) item) =>
            modulesByName.TryGetValue(item.Item1, out var module) && ReferenceEquals(module, item.Item2) ? modulesByName.IndexOf(item.Item1) : -1;

        /// <inheritdoc/>
        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => modulesByName.TryGetValue(key, out value);

        /// <inheritdoc/>
        public void CopyTo((string, T)[] array, int arrayIndex)
        {
            foreach (var (key, module) in modulesByName) array[arrayIndex++] = (key, module);
        }

        /// <inheritdoc/>
        public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex)
        {
            foreach (var pair in modulesByName) array[arrayIndex++] = pair;
        }

        /// <inheritdoc/>
        public IEnumerator<(string, T)> GetEnumerator() => modulesByName.Select(pair => (pair.Key, pair.Value)).GetEnumerator();

        IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() => modulesByName.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <summary>Registers the modules under their names.</summary>
        protected override void RegisterComponents()
        {
            if (itemsAreRegistered) return;
            foreach (var (key, module) in modulesByName) register_module(key, module);
            itemsAreRegistered = true;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Modules by name.</summary>
            public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

            /// <summary>Modules by name.</summary>
            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                var dictionary = new ModuleDict<T>();
                foreach (var item in modules) dictionary.Add(item);
                return dictionary;
            }
        }
    }
}
