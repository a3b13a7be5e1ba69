using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Chooses what to do from the command line, and turns what a person can put right into one line on the error stream.</summary>
internal static partial class Commands
{
    private const int Failed = 1;
    private const int Misused = 2;

    internal static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        try
        {
            if (arguments.Any(argument => argument is "--help" or "-h"))
                output.Write(HelpText.Of(arguments));
            else if (arguments is ["prepare", .. var prepare])
                PrepareCommand.Run(PrepareOptions.Parse(prepare), output);
            else if (arguments is ["train", .. var train])
                TrainCommand.Run(TrainOptions.Parse(train), output);
            else if (arguments is ["augment", .. var augment])
                AugmentCommand.Run(AugmentOptions.Parse(augment), output);
            else if (arguments is ["evaluate", .. var evaluate])
                EvaluateCommand.Run(EvaluateOptions.Parse(evaluate), output);
            else if (arguments is ["transcribe", .. var transcribe] && TranscribeOptions.Parse(transcribe) is var (options, files))
                TranscribeCommand.Run(options, files, output);
            else if (arguments is ["profile", .. var profile])
                ProfileCommand.Run(ProfileOptions.Parse(profile), output);
            else if (arguments is ["report", .. var report])
                ReportCommand.Run(OptionParser.Parse<ReportOptions>(report), output);
            else if (arguments is [] or ["-", ..] || arguments[0].StartsWith("--", StringComparison.Ordinal))
                All(TrainOptions.Parse(arguments), output);
            else
                throw new UsageException(
                    $"Unknown command '{arguments[0]}'; the commands are {HelpText.Names}, --help says more.");
            return 0;
        }
        catch (InterruptedException e)
        {
            return Report(e, e.ExitCode, error);
        }
        catch (UsageException e)
        {
            return Report(e, Misused, error);
        }
        catch (TypeInitializationException e) when (e.GetBaseException() is DllNotFoundException or NotSupportedException)
        {
            return Report(e.GetBaseException(), Failed, error); // a native library is missing; its loader says which and what to install
        }
        catch (Exception e) when (e is UserException or IOException or InvalidDataException or UnauthorizedAccessException or DllNotFoundException
            or TimeoutException or NotFiniteNumberException)
        {
            return Report(e, Failed, error);
        }
        catch (ExternalException e) when (OutOfMemory.Advice(e) is { } advice)
        {
            return Report(advice, Failed, error);
        }
    }

    private static void All(TrainOptions options, TextWriter output)
    {
        var prepare = new PrepareOptions();
        if (options.Settings.Data.TrainCsv.SequenceEqual(new DataRecipe().TrainCsv))
            PrepareCommand.Run(prepare, output);
        TrainCommand.Run(options, output);
    }

    private static int Report(Exception e, int code, TextWriter error)
    {
        string message = ParameterName().Replace(e.Message, "");
        var lines = message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        error.WriteLine((e is InterruptedException ? "" : "error: ") + string.Join(' ', lines));
        return code;
    }

    // What .NET puts behind the message of an ArgumentException, for programmers.
    [GeneratedRegex(@" \(Parameter '\w+'\)")]
    private static partial Regex ParameterName();
}
