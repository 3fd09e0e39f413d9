using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace Runstone.Examples.Penguins;

/// <summary>
/// A trainer with its settings. <paramref name="Rounds"/> says how far to train and what a round is; a trainer is built for any
/// number of rounds, so that its progress can be measured round by round.
/// </summary>
internal sealed record Candidate(
    string Name, object Settings, Rounds Rounds, Func<MLContext, int, IEstimator<ITransformer>> Build)
{
    /// <summary>Three kinds of model, two settings each.</summary>
    public static IEnumerable<Candidate> All(int epochs)
    {
        foreach (var l2 in new[] { 0.01f, 1f })
            yield return MaximumEntropy(l2, epochs);
        foreach (var leaves in new[] { 4, 16 })
            yield return BoostedTrees(leaves, learningRate: 0.1, epochs);
        foreach (var leaves in new[] { 4, 16 })
            yield return Forest(leaves, epochs);
    }

    /// <summary>The trainer after its last round, on top of the table's preprocessing.</summary>
    public IEstimator<ITransformer> Pipeline(MLContext ml, TabularDataset dataset, int rounds) =>
        dataset.Preprocessing(ml).Append(Build(ml, rounds));

    private static Candidate MaximumEntropy(float l2, int epochs) => new(
        $"maximum-entropy l2={l2}",
        new { trainer = "LbfgsMaximumEntropy", l2, epochs },
        new Rounds(epochs, 1),
        (ml, rounds) => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            L1Regularization = 0,
            L2Regularization = l2,
            MaximumNumberOfIterations = rounds,
            OptimizationTolerance = 1e-9f,
            NumberOfThreads = 1,
        }));

    private static Candidate BoostedTrees(int leaves, double learningRate, int epochs) => new(
        $"lightgbm leaves={leaves}",
        new { trainer = "LightGbm", leaves, learning_rate = learningRate, trees = epochs * 2 },
        new Rounds(epochs * 2, 4),
        (ml, rounds) => ml.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options
        {
            NumberOfLeaves = leaves,
            LearningRate = learningRate,
            NumberOfIterations = rounds,
            MinimumExampleCountPerLeaf = 5,
            Seed = 1,
            Verbose = false,
            Silent = true,
        }));

    private static Candidate Forest(int leaves, int epochs) => new(
        $"forest leaves={leaves}",
        new { trainer = "FastForest", leaves, trees = epochs * 2 },
        new Rounds(epochs * 2, 8),
        (ml, rounds) => ml.MulticlassClassification.Trainers.OneVersusAll(
            ml.BinaryClassification.Trainers.FastForest(new FastForestBinaryTrainer.Options
            {
                NumberOfLeaves = leaves,
                NumberOfTrees = rounds,
                MinimumExampleCountPerLeaf = 5,
                Seed = 1,
                NumberOfThreads = 1,
            })));
}

/// <summary>How far to train, and every how many rounds to look at the metrics.</summary>
internal sealed record Rounds(int Count, int Every);
