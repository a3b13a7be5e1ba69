namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose calls can be watched and changed by hooks.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            /// <summary>Hooks that see the inputs before forward and may change them.</summary>
            protected Dictionary<string, TPreHook> pre_hooks = [];

            /// <summary>Hooks that see inputs and result after forward and may change the result.</summary>
            protected Dictionary<string, TPostHook> post_hooks = [];

            /// <summary>Hooks that see the module before forward.</summary>
            protected Dictionary<string, Action<Module>> module_pre_hooks = [];

            /// <summary>Hooks that see the module after forward.</summary>
            protected Dictionary<string, Action<Module>> module_post_hooks = [];

            /// <summary>A module with a name for people.</summary>
            protected HookableModule(string name) : base(name)
            {
            }

            private protected bool Unhooked => pre_hooks.Count + post_hooks.Count + module_pre_hooks.Count + module_post_hooks.Count == 0;

            /// <summary>Adds a hook that runs after forward.</summary>
            public HookRemover register_forward_hook(TPostHook hook) => Add(post_hooks, hook);

            /// <summary>Adds a hook that runs before forward.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook) => Add(pre_hooks, hook);

            /// <summary>Adds a hook that runs after forward.</summary>
            public HookRemover register_forward_hook(Action<Module> hook) => Add(module_post_hooks, hook);

            /// <summary>Adds a hook that runs before forward.</summary>
            public HookRemover register_forward_pre_hook(Action<Module> hook) => Add(module_pre_hooks, hook);

            private protected void RunBefore()
            {
                foreach (var hook in module_pre_hooks.Values) hook(this);
            }

            private protected void RunAfter()
            {
                foreach (var hook in module_post_hooks.Values) hook(this);
            }

            private HookRemover Add<T>(Dictionary<string, T> hooks, T hook)
            {
                var key = Guid.NewGuid().ToString();
                hooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            private void Remove(string key)
            {
                pre_hooks.Remove(key);
                post_hooks.Remove(key);
                module_pre_hooks.Remove(key);
                module_post_hooks.Remove(key);
            }

            /// <summary>Takes one hook off again.</summary>
            public class HookRemover
            {
                private readonly HookableModule<TPreHook, TPostHook> module;
                private readonly string key;

                /// <summary>The remover of the hook with a key.</summary>
                public HookRemover(HookableModule<TPreHook, TPostHook> module, string key) => (this.module, this.key) = (module, key);

                /// <summary>Takes the hook off.</summary>
                public void remove() => module.Remove(key);
            }
        }
    }
}
