using System.Reflection;

namespace Runstone.Client;

/// <summary>The version of this library, for the server's log and the run's environment.</summary>
internal static class ClientVersion
{
    private static readonly string Version = Short(
        typeof(ClientVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0");

    public static string UserAgent { get; } = "runstone-dotnet/" + Version;

    public static string Name { get; } = "runstone-dotnet " + Version;

    // The part behind '+' is the commit this library was built from.
    private static string Short(string version) => version.Split('+')[0];
}
