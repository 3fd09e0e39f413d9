using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Runstone.Core.Errors;
using Runstone.Protocol;

namespace Runstone.Server.Hosting;

/// <summary>Says in plain words what the web framework and the JSON reader found wrong with a request.</summary>
internal static partial class BadRequests
{
    private static readonly Error NotJson =
        new(ErrorCode.Invalid, "The body must be JSON with the header 'Content-Type: application/json'.", "Content-Type");

    private static readonly Error BodyTooLarge =
        new(ErrorCode.TooLarge, $"The body of the request is larger than {HostGuard.MaxBodySize >> 20} MiB; send it in several requests.");

    /// <summary>What a bare status of the framework means.</summary>
    public static Error ExplainStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => FindWrongParameter(context) ?? new Error(ErrorCode.Invalid, "The request does not fit the call; see /docs/api."),
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => NotJson,
        StatusCodes.Status405MethodNotAllowed => Error.Invalid(
            "method", $"{context.Request.Path} cannot be called with {context.Request.Method}, only with {context.Response.Headers.Allow}."),
        _ => new Error(
            ErrorCode.NotFound, $"There is no call {context.Request.Method} {context.Request.Path}. The calls are listed at /docs/api.", "path"),
    };

    // Generated endpoints refuse a query parameter without saying which; the handler's signature tells.
    private static Error? FindWrongParameter(HttpContext context)
    {
        foreach (var parameter in context.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
        {
            var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            var name = parameter.Name!;
            var text = context.Request.Query[name].ToString();
            var fits = Type.GetTypeCode(type) switch
            {
                TypeCode.Int32 => int.TryParse(text, CultureInfo.InvariantCulture, out _),
                TypeCode.Double => double.TryParse(text, CultureInfo.InvariantCulture, out _),
                TypeCode.Boolean => bool.TryParse(text, out _),
                _ => true,
            };
            if (!fits && text.Length > 0)
                return Error.Invalid(name, $"'{Shorten(text)}' is not {Words(type.Name)}.");
            if (type == typeof(string) && text.Length == 0 && !parameter.IsOptional && !context.Request.RouteValues.ContainsKey(name)
                && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.NotNull)
                return Error.Invalid(name, "The parameter is missing.");
        }

        return null;
    }

    public static Error Explain(BadHttpRequestException exception)
    {
        if (exception.InnerException is JsonException json)
            return Explain(json);
        if (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
            return BodyTooLarge;
        if (exception.StatusCode == StatusCodes.Status415UnsupportedMediaType)
            return NotJson;
        var parameter = BoundParameter().Match(exception.Message);
        if (parameter.Success)
            return Error.Invalid(parameter.Groups["name"].Value, $"'{Shorten(parameter.Groups["value"].Value)}' is not {Words(parameter.Groups["type"].Value)}.");

        var required = RequiredParameter().Match(exception.Message);
        if (required.Success)
        {
            return required.Groups["source"].Value == "body"
                ? Error.Invalid("body", "The request has no body.")
                : Error.Invalid(required.Groups["name"].Value, "The parameter is missing.");
        }

        return new Error(ErrorCode.Invalid, exception.Message);
    }

    public static Error Explain(JsonException exception)
    {
        var field = FieldOf(exception.Path);
        var where = exception.LineNumber is null
            ? "" : $" (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})";
        if (exception.Message is var message && Unmapped().Match(message) is { Success: true } unmapped)
            return Error.Invalid(Join(field, unmapped.Groups["name"].Value), $"The member '{unmapped.Groups["name"].Value}' is not known here{where}. Leave it out or check its spelling.");
        if (Missing().Match(message) is { Success: true } missing)
            return Error.Invalid(Join(field, missing.Groups["name"].Value), $"The member '{missing.Groups["name"].Value}' is missing{where}.");
        if (Unconvertible().Match(message) is { Success: true } wrong)
            return Error.Invalid(field, $"The value is not {Words(TypeOf(wrong.Groups["type"].Value, exception.Path!))}{where}.");
        return Error.Invalid(field, $"The body is not the JSON that is expected here{where}: {WithoutPosition(message)}");
    }

    private static string Words(string type) => type switch
    {
        _ when type.Contains("Dictionary", StringComparison.Ordinal) => "an object of names and values as expected here",
        _ when type.Contains("List", StringComparison.Ordinal) => "an array as expected here",
        _ when type.Contains("Int32", StringComparison.Ordinal) || type.Contains("Int64", StringComparison.Ordinal)
            || type.Contains("int", StringComparison.Ordinal) || type.Contains("long", StringComparison.Ordinal) => "a whole number in range",
        _ when type.Contains("Double", StringComparison.Ordinal) || type.Contains("double", StringComparison.Ordinal)
            || type.Contains("Decimal", StringComparison.Ordinal) => "a number in range",
        _ when type.Contains("Boolean", StringComparison.Ordinal) || type.Contains("bool", StringComparison.Ordinal) => "true or false",
        _ when type.Contains("String", StringComparison.Ordinal) => "text",
        _ => "an object as expected here",
    };

    // The reader names the record that holds the member; the member itself says more.
    private static string TypeOf(string type, string path)
    {
        if (typeof(RunstoneJson).Assembly.GetType(type) is not { } owner)
            return type;
        var member = LastMember().Match(path).Groups["name"].Value;
        var property = RunstoneJson.Default.GetTypeInfo(owner)?.Properties.FirstOrDefault(p => p.Name == member);
        return property?.PropertyType.ToString() ?? type;
    }

    private static string FieldOf(string? path) => path is null or "$" ? "body" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;

    // The reader's path ends with the member itself for some failures and with its owner for others.
    private static string Join(string field, string name) =>
        field == "body" ? name : field.EndsWith(name, StringComparison.Ordinal) ? field : $"{field}.{name}";

    private static string WithoutPosition(string message)
    {
        var at = message.IndexOf(" Path: ", StringComparison.Ordinal);
        at = at < 0 ? message.IndexOf(" LineNumber: ", StringComparison.Ordinal) : at;
        return at < 0 ? message : message[..at];
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "...");

    [GeneratedRegex("^Failed to bind parameter \"(?<type>.+) (?<name>\\S+)\" from \"(?<value>.*)\"\\.$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BoundParameter();

    [GeneratedRegex("\\.(?<name>[^.\\[]+)(\\[[0-9]+\\])?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LastMember();

    [GeneratedRegex("^(Required parameter \"\\S+ (?<name>\\S+)\" was not provided from (?<source>.+)\\.|Implicit body inferred for parameter \"(?<name>\\S+)\" but no (?<source>body) was provided.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RequiredParameter();

    [GeneratedRegex("^The JSON property '(?<name>.*)' could not be mapped", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unmapped();

    [GeneratedRegex("missing required properties including: '(?<name>[^']*)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Missing();

    [GeneratedRegex("^The JSON value could not be converted to (?<type>.*?)\\. Path", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unconvertible();
}
