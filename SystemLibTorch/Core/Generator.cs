using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers with a state of its own.</summary>
    public unsafe class Generator : IDisposable
    {
        private nint handle;

        /// <summary>A new generator, seeded.</summary>
        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            nint made;
            NativeError.Check(NativeMethods.slt_generator_new(this.device.Packed, (long)seed, &made));
            handle = made;
        }

        private Generator(nint handle)
        {
            this.handle = handle;
            device = new Device(NativeMethods.slt_generator_device(handle));
        }

        /// <inheritdoc/>
        ~Generator() => Dispose(false);

        /// <summary>libtorch's own generator of the CPU.</summary>
        public static Generator Default
        {
            get
            {
                nint made;
                NativeError.Check(NativeMethods.slt_generator_default(CPU.Packed, &made));
                return new Generator(made);
            }
        }

        /// <summary>Where its numbers are made.</summary>
        public Device device { get; }

        /// <summary>The native generator's address.</summary>
        public IntPtr Handle => handle != 0 ? handle : throw new InvalidOperationException("Generator invalid -- it was disposed.");

        /// <summary>Starts the stream that belongs to a seed.</summary>
        public Generator manual_seed(long seed)
        {
            NativeError.Check(NativeMethods.slt_generator_set_seed(Handle, seed));
            return this;
        }

        /// <summary>Starts a stream from a seed of the system's, and returns it.</summary>
        public long seed()
        {
            long value;
            NativeError.Check(NativeMethods.slt_generator_reseed(Handle, &value));
            return value;
        }

        /// <summary>The seed of the current stream.</summary>
        public long initial_seed() => NativeMethods.slt_generator_seed(Handle);

        /// <summary>The state, a tensor of bytes.</summary>
        public Tensor get_state()
        {
            nint state;
            NativeError.Check(NativeMethods.slt_generator_state(Handle, &state));
            return Tensor.Own(state);
        }

        /// <summary>Goes back to a state.</summary>
        public void set_state(Tensor value)
        {
            NativeError.Check(NativeMethods.slt_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Frees the native generator.</summary>
        protected virtual void Dispose(bool disposing)
        {
            var old = Interlocked.Exchange(ref handle, 0);
            if (old != 0) NativeMethods.slt_generator_free(old);
        }
    }

    /// <summary>Seeds libtorch's own generators of every device; returns the CPU's.</summary>
    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    /// <summary>The CPU generator's state.</summary>
    public static Tensor get_rng_state() => random.get_rng_state();

    /// <summary>Goes back to a state of the CPU's generator.</summary>
    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    /// <summary>The seed of the CPU generator's current stream.</summary>
    public static long initial_seed() => random.initial_seed();

    /// <summary>libtorch's own generators.</summary>
    public static class random
    {
        /// <summary>The seed of the CPU generator's current stream.</summary>
        public static long initial_seed()
        {
            using var generator = Generator.Default;
            return generator.initial_seed();
        }

        /// <summary>Seeds the generators of every device; returns the CPU's.</summary>
        public static Generator manual_seed(long seed)
        {
            NativeError.Check(NativeMethods.slt_manual_seed(seed));
            return Generator.Default;
        }

        /// <summary>The CPU generator's state.</summary>
        public static Tensor get_rng_state()
        {
            using var generator = Generator.Default;
            return generator.get_state();
        }

        /// <summary>Goes back to a state of the CPU's generator.</summary>
        public static void set_rng_state(Tensor new_state)
        {
            using var generator = Generator.Default;
            generator.set_state(new_state);
        }
    }
}
