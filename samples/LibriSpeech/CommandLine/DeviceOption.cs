using TorchSharp;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>The option <c>--device</c>, which several commands have.</summary>
internal static class DeviceOption
{
    internal static void Check(string device)
    {
        if (device is not ("cpu" or "cuda"))
            throw new UsageException($"Option '--device' is '{device}'; it must be cpu or cuda.");
    }

    internal static torch.Device Device(string device)
    {
        if (device == "cuda" && !torch.cuda.is_available())
            throw new UserException("There is no CUDA device that this libtorch can use; leave out --device cuda.");
        return new torch.Device(device);
    }
}
