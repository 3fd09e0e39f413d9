using Runstone.Core.Artifacts;
using Runstone.Core.Comments;
using Runstone.Core.Console;
using Runstone.Core.Data;
using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Jobs;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Reports;
using Runstone.Core.Runs;
using Runstone.Core.Stars;
using Runstone.Core.Views;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>An empty store of one engine.</summary>
public sealed record StoreUnderTest(
    IExperimentStore Experiments,
    IRunStore Runs,
    IMetricStore Metrics,
    IDatasetStore Datasets,
    IArtifactStore Artifacts,
    IModelStore Models,
    IIngestStore Ingest,
    Func<ValueTask> Close)
{
    public ILoggedModelStore LoggedModels { get; init; } = null!;

    public IArtifactStore LoggedModelFiles { get; init; } = null!;

    public IBlobReferenceStore BlobReferences { get; init; } = null!;

    public ISealStore Seals { get; init; } = null!;

    public IErasureStore Erasures { get; init; } = null!;

    public IViewStore Views { get; init; } = null!;

    public IStarStore Stars { get; init; } = null!;

    public ICommentStore Comments { get; init; } = null!;

    public IReportStore Reports { get; init; } = null!;

    public IConsoleStore Consoles { get; init; } = null!;

    public IMediaStore Media { get; init; } = null!;

    public IDataStore Data { get; init; } = null!;

    public IDataObjectStore DataObjects { get; init; } = null!;

    public IJobLock Jobs { get; init; } = null!;

    /// <summary>Opens the same store as another node does; null where a store has one node.</summary>
    public Func<Task<StoreUnderTest>>? Another { get; init; }

    /// <summary>Runs a statement on the engine's tables.</summary>
    public Func<string, Task> Execute { get; init; } = null!;

    /// <summary>Reads numbers by a statement of the engine's tables.</summary>
    public Func<string, Task<List<long>>> Numbers { get; init; } = null!;
}
