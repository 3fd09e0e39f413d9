using System.Text.Json;
using System.Text.Json.Serialization;

namespace Runstone.Protocol;

/// <summary>
/// JSON of the native API: camel case, absent instead of null, NaN and infinities as strings, numbers as numbers. Generated at
/// compile time: no reflection at run time.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(CreateExperimentRequest))]
[JsonSerializable(typeof(UpdateExperimentRequest))]
[JsonSerializable(typeof(ExperimentInfo))]
[JsonSerializable(typeof(ExperimentPage))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(CreateRunRequest))]
[JsonSerializable(typeof(UpdateRunRequest))]
[JsonSerializable(typeof(SearchRunsRequest))]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(RunTableRequest))]
[JsonSerializable(typeof(RunTablePage))]
[JsonSerializable(typeof(RunDetailsInfo))]
[JsonSerializable(typeof(LogRequest))]
[JsonSerializable(typeof(LogResponse))]
[JsonSerializable(typeof(MetricBatchResponse))]
[JsonSerializable(typeof(FramesRequest))]
[JsonSerializable(typeof(FramesResponse))]
[JsonSerializable(typeof(GroupsRequest))]
[JsonSerializable(typeof(GroupsResponse))]
[JsonSerializable(typeof(HistoryInfo))]
[JsonSerializable(typeof(ErasureInfo))]
[JsonSerializable(typeof(IReadOnlyList<ErasureInfo>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, MetricSummaryInfo>))]
[JsonSerializable(typeof(ArtifactList))]
[JsonSerializable(typeof(UploadedArtifact))]
[JsonSerializable(typeof(BeginUploadRequest))]
[JsonSerializable(typeof(DirectUpload))]
[JsonSerializable(typeof(SignPartsRequest))]
[JsonSerializable(typeof(SignedParts))]
[JsonSerializable(typeof(CompleteUploadRequest))]
[JsonSerializable(typeof(SavedViewInfo))]
[JsonSerializable(typeof(IReadOnlyList<SavedViewInfo>))]
[JsonSerializable(typeof(CreateViewRequest))]
[JsonSerializable(typeof(UpdateViewRequest))]
[JsonSerializable(typeof(DefaultViewRequest))]
[JsonSerializable(typeof(WorkspaceInfo))]
[JsonSerializable(typeof(SetWorkspaceRequest))]
[JsonSerializable(typeof(IReadOnlyList<StarInfo>))]
[JsonSerializable(typeof(CommentInfo))]
[JsonSerializable(typeof(CommentPage))]
[JsonSerializable(typeof(AddCommentRequest))]
[JsonSerializable(typeof(EditCommentRequest))]
[JsonSerializable(typeof(ReportInfo))]
[JsonSerializable(typeof(ReportPage))]
[JsonSerializable(typeof(ReportVersionInfo))]
[JsonSerializable(typeof(IReadOnlyList<ReportVersionInfo>))]
[JsonSerializable(typeof(CreateReportRequest))]
[JsonSerializable(typeof(SaveReportRequest))]
[JsonSerializable(typeof(UpdateReportRequest))]
[JsonSerializable(typeof(RunEnvironment))]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(LiveChanges))]
[JsonSerializable(typeof(Problem))]
public sealed partial class RunstoneJson : JsonSerializerContext;
