namespace TorchSharp;

public static partial class torch
{
    /// <summary>A device and its index (-1: the current one of its kind).</summary>
    public class Device
    {
        /// <summary>A device by kind.</summary>
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = deviceType == DeviceType.CUDA ? Math.Max(index, 0) : index;
        }

        /// <summary>A CUDA device by index.</summary>
        public Device(int index) : this(DeviceType.CUDA, index)
        {
        }

        /// <summary>A device by name and index.</summary>
        public Device(string deviceType, int index = -1) : this(Parse(deviceType), index)
        {
        }

        /// <summary>A device by description: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, <c>meta</c>.</summary>
        public Device(string description)
        {
            var colon = description.IndexOf(':');
            type = Parse(colon < 0 ? description : description[..colon]);
            index = colon < 0 ? type == DeviceType.CUDA ? 0 : -1 : int.Parse(description[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        }

        internal Device(long packed)
        {
            type = (DeviceType)(packed & 0xff);
            index = (int)(packed >> 32);
        }

        /// <summary>The kind.</summary>
        public DeviceType type { get; }

        /// <summary>The index, or -1.</summary>
        public int index { get; }

        internal long Packed => (long)type | (long)index << 32;

        /// <summary>A device by description.</summary>
        public static implicit operator Device(string description) => new(description);

        /// <inheritdoc/>
        public override string ToString() => index < 0 ? Name : $"{Name}:{index}";

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is Device other && other.type == type && other.index == index;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(type, index);

        private string Name => type.ToString().ToLowerInvariant();

        private static DeviceType Parse(string name) => Enum.TryParse<DeviceType>(name, true, out var type) && char.IsLetter(name[0])
            ? type
            : throw new ArgumentException($"'{name}' is not a kind of device known here (cpu, cuda, meta)", nameof(name));
    }

    /// <summary>The CPU.</summary>
    public static readonly Device CPU = new(DeviceType.CPU);

    /// <summary>The device without memory, for shapes alone.</summary>
    public static readonly Device META = new(DeviceType.META);

    /// <summary>The first CUDA device.</summary>
    public static Device CUDA => new(DeviceType.CUDA);

    /// <summary>A device by description.</summary>
    public static Device device(string description) => new(description);

    /// <summary>A device by kind.</summary>
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
}
