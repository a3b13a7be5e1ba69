using SystemLibTorch.Native;

namespace TorchSharp;

/// <summary>The root of TorchSharp's names.</summary>
public static partial class torch
{
    /// <summary>
    /// A tensor of libtorch. It holds one reference to native memory until it is disposed, its dispose scope ends, or the collector finds it.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long totalCount;
        private static long peakCount;

        private nint handle;

        internal Tensor(nint handle)
        {
            this.handle = handle;
            var total = Interlocked.Increment(ref totalCount);
            // A peak missed by a race between two threads is one too low for a moment; the counter is for people.
            if (total > peakCount) peakCount = total;
            OwningScope = DisposeScopeManager.Current.Register(this);
        }

        /// <inheritdoc/>
        ~Tensor() => Dispose(false);

        /// <summary>How many tensors hold native memory now, on all threads.</summary>
        public static long TotalCount => Interlocked.Read(ref totalCount);

        /// <summary>The most there ever were.</summary>
        public static long PeakCount => peakCount;

        internal DisposeScope? OwningScope { get; set; }

        /// <summary>The native tensor's address.</summary>
        public IntPtr Handle => handle != 0 ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        /// <summary>Whether it was disposed.</summary>
        public bool IsInvalid => handle == 0;

        /// <summary>Wraps a handle that an operator gave away.</summary>
        internal static Tensor Own(nint handle) => handle != 0 ? new Tensor(handle) : throw new InvalidOperationException("libtorch returned no tensor.");

        /// <summary>Wraps a handle that may be empty.</summary>
        internal static Tensor? OwnOrNull(nint handle) => handle != 0 ? new Tensor(handle) : null;

        /// <summary>Takes the handle of another tensor, which is left empty.</summary>
        internal static nint Steal(Tensor tensor)
        {
            var taken = tensor.Handle;
            _ = tensor.Release();
            return taken;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Gives the native reference back.</summary>
        protected virtual void Dispose(bool disposing)
        {
            if (!disposing)
            {
                Free();
                return;
            }
            var old = Release();
            if (old != 0) NativeMethods.slt_tensor_free(old);
        }

        /// <summary>Hands the tensor to the scope outside the one that owns it.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Hands the tensor to another scope, or to nobody.</summary>
        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningScope is { } owner)
                owner.MoveToOther(other, this);
            else
                other?.Attach(this);
            return this;
        }

        /// <summary>Hands the tensor to the scope that owns another tensor.</summary>
        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningScope);

        /// <summary>Takes the tensor out of every scope.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningScope?.Detach(this);
            return this;
        }

        /// <summary>The end of a tensor whose scope has already counted it.</summary>
        internal void DisposeUncounted()
        {
            Free();
            GC.SuppressFinalize(this);
        }

        /// <summary>Puts another native tensor in the place of this one's.</summary>
        internal void Replace(nint other)
        {
            var old = Interlocked.Exchange(ref handle, other);
            if (old != 0) NativeMethods.slt_tensor_free(old);
        }

        private void Free()
        {
            var old = Interlocked.Exchange(ref handle, 0);
            if (old == 0) return;
            Interlocked.Decrement(ref totalCount);
            NativeMethods.slt_tensor_free(old);
        }

        /// <summary>Empties the wrapper and settles the counts; the caller now owns the returned handle (0 if it was empty).</summary>
        private nint Release()
        {
            var old = Interlocked.Exchange(ref handle, 0);
            if (old == 0) return 0;
            Interlocked.Decrement(ref totalCount);
            var counts = DisposeScopeManager.Current.Counts;
            if (OwningScope is { } owner)
            {
                owner.Forget(this);
                OwningScope = null;
                counts.DisposedInScopeCount++;
            }
            else
            {
                counts.DisposedOutsideScopeCount++;
            }
            return old;
        }
    }
}
