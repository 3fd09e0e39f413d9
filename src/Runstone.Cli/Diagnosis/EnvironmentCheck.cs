using System.Collections;
using Runstone.Server.Hosting;

namespace Runstone.Cli.Diagnosis;

/// <summary>Environment variables that mean something to Runstone, and those that look as if they should.</summary>
internal static class EnvironmentCheck
{
    private static readonly string[] Known =
        ["RUNSTONE_TRACKING_URI", "MLFLOW_TRACKING_URI", "RUNSTONE_HOME", .. ServerOptionsReader.Variables];

    public static IReadOnlyList<Finding> Run(IDictionary environment)
    {
        var set = environment.Keys.Cast<string>()
            .Where(name => name.StartsWith("RUNSTONE", StringComparison.OrdinalIgnoreCase) || Known.Contains(name, StringComparer.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToArray();
        return set.Length == 0
            ? [Finding.Ok("environment", $"no variable of {string.Join(", ", Known)} is set")]
            : [.. set.Select(name => Describe(name, (string?)environment[name] ?? ""))];
    }

    private static Finding Describe(string name, string value)
    {
        if (!Known.Contains(name, StringComparer.OrdinalIgnoreCase))
            return Finding.Warn("environment", $"{name} is set but means nothing", $"Known are {string.Join(", ", Known)}; correct it or remove it.");
        return name == "RUNSTONE_TRACKING_URI" && !IsAddress(value)
            ? Finding.Fail("environment", $"{name} is '{value}', which is not the address of a server", "Set it to an address such as http://127.0.0.1:5000.")
            : Finding.Ok("environment", IsConnection(name) ? $"{name} is set" : $"{name} is '{WithoutPassword(value)}'");
    }

    private static bool IsConnection(string name) => name.StartsWith("RUNSTONE__DATABASE", StringComparison.OrdinalIgnoreCase);

    private static bool IsAddress(string text) =>
        string.IsNullOrWhiteSpace(text) || Features.ServerFeature.IsAddress(text);

    private static string WithoutPassword(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
            ? value.Replace(uri.UserInfo + "@", "***@", StringComparison.Ordinal) : value;
}
