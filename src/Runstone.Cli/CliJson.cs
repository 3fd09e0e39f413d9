using System.Text.Json;
using System.Text.Json.Serialization;
using Runstone.Cli.Commands;
using Runstone.Cli.Diagnosis;
using Runstone.Cli.Export;
using Runstone.Core.Artifacts;
using Runstone.Core.Metrics;
using Runstone.Storage.Administration;

namespace Runstone.Cli;

/// <summary>JSON of what only the command line knows; everything else is written as the native API has it.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(PointLine))]
[JsonSerializable(typeof(SyncLine))]
[JsonSerializable(typeof(Finding))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(BlobCollectionReport))]
[JsonSerializable(typeof(RetentionReport))]
[JsonSerializable(typeof(CompactReport))]
[JsonSerializable(typeof(CopyReport))]
[JsonSerializable(typeof(BackupReport))]
internal sealed partial class CliJson : JsonSerializerContext;
