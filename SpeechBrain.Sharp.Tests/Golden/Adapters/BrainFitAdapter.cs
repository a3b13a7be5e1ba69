using System.Globalization;
using SpeechBrain.Sharp.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary>A whole training of SpeechBrain's <c>Brain</c>: a linear layer with a mean squared error, AdamW and a Noam schedule.</summary>
public sealed class BrainFitAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "speechbrain.core.Brain.fit";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        var arguments = c.Constructor;
        arguments.Expect("optimizer", "AdamW betas (0.9, 0.98) eps 1e-8 weight_decay 0.01");
        arguments.Expect("model", "Linear(3,2), mse");
        arguments["gain"].Ignore("it is in the inputs");
        double lr = arguments.Double("lr");
        long batches = arguments.Long("batches");
        using var model = nn.Linear(3, 2);
        using (no_grad())
        {
            model.weight!.copy_(c.Input("weight0"));
            model.bias!.copy_(c.Input("bias0"));
        }
        Parameter[] parameters = [.. model.parameters()];
        using var optimizer = optim.AdamW(parameters, lr, beta1: 0.9, beta2: 0.98, eps: 1e-8, weight_decay: 0.01);
        using var update = new WeightUpdate(
            optimizer, parameters,
            new()
            {
                GradAccumulationFactor = (int)arguments.Long("accum"),
                MaxGradNorm = arguments.Double("clip"),
                UseLeftovers = false,
                ScheduleFirst = false,
            },
            new NoamScheduler(lr, arguments.Long("warmup")));

        int row = 0; // of the data: one a batch, and one at the end of each epoch; outputs have its number
        for (long epoch = 0; epoch < arguments.Long("epochs"); epoch++)
        {
            var losses = new List<double>();
            for (int step = 1; step <= batches; step++)
            {
                using var x = c.Input(Name("x", step - 1));
                using var y = c.Input(Name("y", step - 1));
                double rate = optimizer.ParamGroups.First().LearningRate;
                var result = update.Backward(nn.functional.mse_loss(model.call(x), y), [], lastOfEpoch: step == batches);
                losses.Add(result.Loss);
                check.Output("out." + Name("weight", row), model.weight!);
                check.Output("out." + Name("bias", row), model.bias!);
                var expected = c.Data.Items[row++];
                check.Value(expected["step"], step);
                check.Value(expected["should_step"], result.Stepped);
                check.Value(expected["lr_used"], rate);
                check.Value(expected["loss"], result.Loss);
                check.Value(expected["optimizer_step"], update.OptimizerSteps);
            }
            var end = c.Data.Items[row++];
            check.Value(end["stage_end"], "Stage.TRAIN");
            check.Value(end["avg_loss"], losses.Average());
        }
    }

    private static string Name(string name, int number) => name + number.ToString(CultureInfo.InvariantCulture);
}
