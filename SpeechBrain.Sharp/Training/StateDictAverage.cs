using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// The mean of several state dicts. While the learning rate is still high the weights circle around a good place; their mean is nearer to it than
/// any of them.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>utils/checkpoints.py, average_state_dicts</c>. Deviations: the mean is formed in float64 and has the tensors' own type;
/// integers and booleans (counts of batches, masks) are those of the first dict, where SpeechBrain makes real numbers of them; the first dict is
/// left as it is.
/// </remarks>
public static class StateDictAverage
{
    /// <summary>Averages state dicts one after the other; each is needed only while its turn lasts.</summary>
    /// <param name="stateDicts">At least one; tensors by name, all of the same names, shapes and types.</param>
    /// <returns>New tensors on the first dict's devices, of the caller.</returns>
    /// <exception cref="ArgumentException">There is none, or one differs in a name, a shape or a type.</exception>
    public static Dictionary<string, Tensor> Of(IEnumerable<IReadOnlyDictionary<string, Tensor>> stateDicts)
    {
        ArgumentNullException.ThrowIfNull(stateDicts);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> sums = [];
        Dictionary<string, ScalarType> dtypes = [];
        int count = 0;
        foreach (var dict in stateDicts)
        {
            ArgumentNullException.ThrowIfNull(dict);
            using var turn = NewDisposeScope(); // an alias would keep the dict's memory
            if (count++ == 0)
            {
                foreach (var (key, value) in dict)
                {
                    var sum = value.detach().to(Require.IsReal(value.dtype) ? ScalarType.Float64 : value.dtype, copy: true);
                    dtypes.Add(key, value.dtype);
                    sums.Add(key, sum.MoveToOuterDisposeScope());
                }
                continue;
            }
            CheckAlike(sums, dtypes, dict, count);
            foreach (var (key, value) in dict)
                if (Require.IsReal(value.dtype))
                    sums[key].add_(value.detach().to(sums[key].device));
        }
        if (count == 0)
            throw new ArgumentException("There is no state dict to average; give at least one.", nameof(stateDicts));
        foreach (string key in dtypes.Keys)
            sums[key] = (Require.IsReal(dtypes[key]) ? sums[key].div(count).to(dtypes[key]) : sums[key]).MoveToOuterDisposeScope();
        return sums;
    }

    private static void CheckAlike(
        Dictionary<string, Tensor> sums, Dictionary<string, ScalarType> dtypes, IReadOnlyDictionary<string, Tensor> dict, int number)
    {
        if (!sums.Keys.ToHashSet().SetEquals(dict.Keys))
        {
            var odd = sums.Keys.Except(dict.Keys).Concat(dict.Keys.Except(sums.Keys)).Order().ToList();
            throw new ArgumentException(
                $"State dict {number} and the first have not the same keys; only one of them has "
                + $"{string.Join(", ", odd.Take(5))}{(odd.Count > 5 ? ", ..." : "")}.");
        }
        foreach (var (key, value) in dict)
            if (!value.shape.SequenceEqual(sums[key].shape) || value.dtype != dtypes[key])
                throw new ArgumentException($"'{key}' of state dict {number} is {Require.Describe(value)}; in the first it is "
                    + $"[{string.Join(", ", sums[key].shape)}] {dtypes[key]}. Average checkpoints of one model.");
    }
}
