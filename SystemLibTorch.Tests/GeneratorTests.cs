namespace SystemLibTorch.Tests;

/// <summary>Generators: PyTorch's own numbers, states that can be taken up again, and independence.</summary>
public class GeneratorTests
{
    [Test]
    public void Seed_0_gives_the_numbers_that_PyTorch_gives()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        // torch.rand(3, generator=torch.Generator().manual_seed(0)) on a CPU, any version
        Assert.That(rand(3, generator: generator).data<float>().ToArray(), Is.EqualTo(new[] { 0.49625659f, 0.76822180f, 0.08847743f }).Within(1e-7f));
    }

    [Test]
    public void A_state_can_be_taken_up_again()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        _ = randn(10, generator: generator);
        var state = generator.get_state();
        var first = randn(7, generator: generator).data<float>().ToArray();
        generator.set_state(state);
        Assert.That(randn(7, generator: generator).data<float>().ToArray(), Is.EqualTo(first));
        Assert.That(generator.initial_seed(), Is.EqualTo(5));
    }

    [Test]
    public void Generators_do_not_disturb_each_other_nor_the_global_one()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var alone = rand(4).data<float>().ToArray();
        manual_seed(3);
        using var other = new Generator(99);
        _ = rand(100, generator: other);
        Assert.That(rand(4).data<float>().ToArray(), Is.EqualTo(alone));
    }
}
