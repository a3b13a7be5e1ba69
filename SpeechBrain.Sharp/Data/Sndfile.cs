using System.Reflection;
using System.Runtime.InteropServices;

namespace SpeechBrain.Sharp.Data;

/// <summary>The few entry points of libsndfile (http://libsndfile.github.io/libsndfile/api.html) that <see cref="AudioFile"/> uses.</summary>
internal static partial class Sndfile
{
    internal const int ModeRead = 0x10;
    internal const int ModeWrite = 0x20;
    internal const int FormatWav = 0x010000;
    internal const int FormatFlac = 0x170000;
    internal const int FormatTypeMask = 0x0FFF0000;
    internal const int SubtypePcm16 = 0x0002;

    private const string Library = "sndfile";

    private static readonly string[] FileNames = OperatingSystem.IsWindows()
        ? ["sndfile.dll", "libsndfile-1.dll"]
        : OperatingSystem.IsMacOS() ? ["libsndfile.1.dylib", "libsndfile.dylib"] : ["libsndfile.so.1", "libsndfile.so"];

    static Sndfile() => NativeLibrary.SetDllImportResolver(typeof(Sndfile).Assembly, Resolve);

    /// <summary>SF_INFO.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FileInfo
    {
        internal long Frames;
        internal int SampleRate;
        internal int Channels;
        internal int Format;
        internal int Sections;
        internal int Seekable;
    }

    /// <summary>An open SNDFILE*.</summary>
    internal sealed class Handle() : SafeHandle(IntPtr.Zero, ownsHandle: true)
    {
        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle() => CloseFile(handle) == 0;
    }

    [LibraryImport(Library, EntryPoint = "sf_open", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial Handle Open(string path, int mode, ref FileInfo info);

    [LibraryImport(Library, EntryPoint = "sf_error")]
    internal static partial int Error(Handle file);

    [LibraryImport(Library, EntryPoint = "sf_seek")]
    internal static partial long Seek(Handle file, long frames, int whence);

    [LibraryImport(Library, EntryPoint = "sf_readf_float")]
    internal static partial long ReadFrames(Handle file, Span<float> samples, long frames);

    [LibraryImport(Library, EntryPoint = "sf_readf_int")]
    internal static partial long ReadFrames(Handle file, Span<int> samples, long frames);

    [LibraryImport(Library, EntryPoint = "sf_writef_short")]
    internal static partial long WriteFrames(Handle file, ReadOnlySpan<short> samples, long frames);

    /// <summary>What went wrong with <paramref name="file"/>, or, when it is a null handle, with the last call to open.</summary>
    internal static string ErrorText(Handle file)
    {
        var text = Marshal.PtrToStringUTF8(ErrorTextPointer(file.IsInvalid ? IntPtr.Zero : file.DangerousGetHandle())) ?? "unknown error";
        return text.Replace("Error : ", "", StringComparison.Ordinal).Trim().TrimEnd('.');
    }

    [LibraryImport(Library, EntryPoint = "sf_strerror")]
    private static partial IntPtr ErrorTextPointer(IntPtr file);

    [LibraryImport(Library, EntryPoint = "sf_close")]
    private static partial int CloseFile(IntPtr file);

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
            return IntPtr.Zero; // not ours: the usual rules apply

        foreach (var fileName in FileNames)
        {
            if (NativeLibrary.TryLoad(fileName, assembly, searchPath, out var library))
                return library;
        }

        throw new DllNotFoundException(
            $"libsndfile, which reads and writes audio files, was not found ({string.Join(", ", FileNames)}). "
            + "Install it: 'apt-get install libsndfile1' on Debian or Ubuntu, 'dnf install libsndfile' on Fedora, "
            + "'brew install libsndfile' on macOS, 'vcpkg install libsndfile' on Windows.");
    }
}
