using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>The parameters with their names: the module's own, then those below, depth first. One that is registered twice comes once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (key, parameter) in registeredParameters)
                    if (!parameter.IsInvalid && seen.Add(parameter)) yield return (key, parameter);
                if (!recurse) yield break;
                foreach (var (module, below) in registeredModules)
                    foreach (var (key, parameter) in below.named_parameters())
                        if (seen.Add(parameter)) yield return ($"{module}.{key}", parameter);
            }

            /// <summary>
            /// The persistent buffers with their names: the module's own, then those below, depth first. TorchSharp never lists the others,
            /// whatever <paramref name="include_nonpersistent"/> says; so does this.
            /// </summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (key, (buffer, persistent)) in registeredBuffers)
                    if (persistent && !buffer.IsInvalid && seen.Add(buffer)) yield return (key, buffer);
                if (!recurse) yield break;
                foreach (var (module, below) in registeredModules)
                    foreach (var (key, buffer) in below.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer)) yield return ($"{module}.{key}", buffer);
            }

            /// <summary>The modules directly below, with their names.</summary>
            public virtual IEnumerable<(string name, Module module)> named_children() => registeredModules.Select(pair => (pair.Key, pair.Value));

            /// <summary>All modules below, with their names: the direct ones, then those below each.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var (key, module) in registeredModules) yield return (key, module);
                foreach (var (key, module) in registeredModules)
                    foreach (var (rest, below) in module.named_modules()) yield return ($"{key}.{rest}", below);
            }

            /// <summary>The parameters: the module's own, then those below, depth first.</summary>
            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(pair => pair.parameter);

            /// <summary>The persistent buffers: the module's own, then those below, depth first.</summary>
            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(pair => pair.buffer);

            /// <summary>The modules directly below.</summary>
            public virtual IEnumerable<Module> children() => named_children().Select(pair => pair.module);

            /// <summary>All modules below.</summary>
            public virtual IEnumerable<Module> modules() => named_modules().Select(pair => pair.module);

            /// <summary>Whether there is a parameter of this dotted name.</summary>
            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            /// <summary>Whether there is a buffer of this dotted name, persistent or not.</summary>
            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            /// <summary>The parameter of a dotted name, or null.</summary>
            public virtual Parameter? get_parameter(string target) =>
                registeredParameters.TryGetValue(target, out var parameter) ? parameter : Below(target, out var rest)?.get_parameter(rest);

            /// <summary>The buffer of a dotted name, persistent or not, or null.</summary>
            public virtual Tensor? get_buffer(string target) =>
                registeredBuffers.TryGetValue(target, out var buffer) ? buffer.Tensor : Below(target, out var rest)?.get_buffer(rest);

            private Module? Below(string target, out string rest)
            {
                var dot = target.IndexOf('.');
                rest = target[(dot + 1)..];
                if (dot < 0) return null;
                var first = target[..dot];
                foreach (var (key, module) in named_children())
                    if (key == first) return module;
                return null;
            }
        }
    }
}
