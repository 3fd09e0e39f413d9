using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Runstone.Protocol;
using Runstone.Server.Api;

namespace Runstone.Server.Hosting;

/// <summary>The protocol's JSON as the server reads and writes it: strict about what comes in, plain in what goes out.</summary>
internal static class ServerJson
{
    /// <summary>For answers that do not pass through the endpoints' serialisation.</summary>
    public static RunstoneJson Context { get; } = new(new JsonSerializerOptions(RunstoneJson.Default.Options) { Encoder = Encoder });

    // Answers are never put into HTML, and nosniff keeps browsers from taking them for it: quotes and letters may stay as they are.
    private static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static void Configure(JsonSerializerOptions json)
    {
        json.TypeInfoResolverChain.Insert(0, RunstoneJson.Default.WithAddedModifier(ValueColumn.Modify));
        json.DefaultIgnoreCondition = RunstoneJson.Default.Options.DefaultIgnoreCondition;
        json.NumberHandling = RunstoneJson.Default.Options.NumberHandling;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectNullableAnnotations = true;
        json.Encoder = Encoder;
    }
}
