using System.Text.RegularExpressions;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>The data of this case give each output's arguments as Python wrote them: <c>padding=(3,3), pad_type=reflect</c>.</summary>
public sealed partial class Convolve1dAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "convolve1d";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var x = c.Input("x");
        var k = c.Input("k");
        foreach (string output in c.Data.Keys)
        {
            (long, long) padding = (0, 0);
            bool paddingIsNumber = false;
            var padType = PaddingModes.Constant;
            long stride = 1, groups = 1, rotationIndex = 0;
            bool useFft = false;
            foreach (Match argument in Argument().Matches(c.Data.String(output)))
            {
                string value = argument.Groups["value"].Value;
                switch (argument.Groups["name"].Value)
                {
                    case "padding":
                        padding = Padding(value);
                        paddingIsNumber = !value.StartsWith('(');
                        break;
                    case "pad_type":
                        padType = Enum.Parse<PaddingModes>(value, ignoreCase: true);
                        break;
                    case "stride":
                        stride = long.Parse(value);
                        break;
                    case "groups":
                        groups = long.Parse(value);
                        break;
                    case "use_fft":
                        useFft = value is "" or "True";
                        break;
                    case "rotation_index":
                        rotationIndex = long.Parse(value);
                        break;
                    default:
                        throw new GoldenException($"{output}: unknown argument '{argument.Value}'");
                }
            }
            // SpeechBrain hands a number to its direct convolution alone.
            if (useFft && paddingIsNumber)
                padding = (0, 0);
            check.Output("out." + output, Functional.Convolve1d(x, k, padding, padType, stride, groups, useFft, rotationIndex));
        }
    }

    private static (long, long) Padding(string value)
    {
        long[] sides = [.. value.Trim('(', ')').Split(',').Select(long.Parse)];
        return sides.Length == 1 ? (sides[0], sides[0]) : (sides[0], sides[1]);
    }

    [GeneratedRegex(@"(?<name>\w+)(=(?<value>\([^)]*\)|[\w-]+))?")]
    private static partial Regex Argument();
}
