using System.Reflection;
using System.Xml.Linq;

namespace Runstone.Architecture.Tests;

/// <summary>Who may reference whom.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Runstone.Protocol"] = [],
        ["Runstone.Core"] = [],
        ["Runstone.Verifier"] = [],
        ["Runstone.Formats"] = ["Runstone.Core"],
        ["Runstone.Storage"] = ["Runstone.Core"],
        ["Runstone.Client"] = ["Runstone.Protocol"],
        ["Runstone.Server"] = ["Runstone.Core", "Runstone.Formats", "Runstone.Protocol", "Runstone.Storage"],
        ["Runstone.Cli"] = ["Runstone.Client", "Runstone.Formats", "Runstone.Server"],
    };

    /// <summary>Files and folders of the command line that may know the server and its store.</summary>
    private static readonly string[] ServerUsers =
    [
        "src/Runstone.Cli/Commands/Admin", "src/Runstone.Cli/Commands/ServeCommand.cs", "src/Runstone.Cli/Commands/DoctorCommand.cs",
        "src/Runstone.Cli/Diagnosis", "src/Runstone.Cli/Features/ServerSettingsFeature.cs", "src/Runstone.Cli/CliJson.cs",
    ];

    private static readonly string[] Web = ["Microsoft.AspNetCore", "Microsoft.Extensions.Hosting"];

    private static readonly string[] Drivers = ["Microsoft.Data.", "SQLitePCLRaw", "Npgsql", "Dapper", "dbup", "AWSSDK"];

    public static TheoryData<string> Projects => [.. Repository.With(".csproj").Where(p => IsShipped(p))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_it_may(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var allowed = Repository.IsIn(project, "src")
            ? Allowed.GetValueOrDefault(name) ?? throw new InvalidOperationException($"{project}: not in the table of who may reference whom")
            : ["Runstone.Client"];
        Repository.AssertNone("Who may reference whom", References(project, "ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Replace('\\', '/')))
            .Where(r => !allowed.Contains(r, StringComparer.Ordinal))
            .Select(r => $"{project} references {r}; allowed: {string.Join(", ", allowed)}"));
    }

    [Fact]
    public void Only_the_server_references_the_web_framework() =>
        Repository.AssertNone("Only Runstone.Server uses ASP.NET", Repository.With(".csproj")
            .Where(p => Repository.IsIn(p, "src") && !Repository.IsIn(p, "src/Runstone.Server"))
            .Where(p => Repository.Text(p).Contains("Sdk.Web", StringComparison.Ordinal) || References(p, "FrameworkReference").Any())
            .Select(p => $"{p}: uses the web SDK or a framework reference"));

    [Fact]
    public void Package_versions_stand_in_one_file() =>
        Repository.AssertNone("Versions stand in Directory.Packages.props", Repository.With(".csproj")
            .Where(p => XDocument.Load(Repository.FullPath(p)).Descendants("PackageReference").Any(r => r.Attribute("Version") is not null))
            .Select(p => $"{p}: gives a package a version of its own"));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = XDocument.Load(Repository.FullPath("Runstone.slnx")).Descendants("Project").Select(p => p.Attribute("Path")!.Value).ToHashSet(StringComparer.Ordinal);
        Repository.AssertNone("Every project is in Runstone.slnx", Repository.With(".csproj").Where(p => !solution.Contains(p)));
    }

    [Fact]
    public void The_domain_knows_no_web_framework_and_no_driver() => AssertNotReferenced("Runstone.Core", [.. Web, .. Drivers, "Runstone."]);

    [Fact]
    public void The_protocol_knows_only_the_runtime() => AssertNotReferenced("Runstone.Protocol", ["Microsoft.", "Runstone."]);

    [Fact]
    public void The_formats_know_no_web_framework_and_no_driver() => AssertNotReferenced("Runstone.Formats", [.. Web, .. Drivers]);

    [Fact]
    public void The_storage_engines_know_no_web_framework() => AssertNotReferenced("Runstone.Storage", Web);

    [Fact]
    public void The_client_knows_no_server() => AssertNotReferenced("Runstone.Client", [.. Web, .. Drivers, "Runstone.Core", "Runstone.Server"]);

    [Fact]
    public void The_command_line_knows_the_server_only_to_start_it_and_to_look_after_its_store() =>
        Repository.AssertNone("Cli uses Server and Storage for serve, doctor and admin only",
            from file in Repository.With(".cs")
            where Repository.IsIn(file, "src/Runstone.Cli") && !ServerUsers.Any(u => file == u || Repository.IsIn(file, u))
            from line in Repository.Lines(file)
            where line.Text.StartsWith("using Runstone.Server", StringComparison.Ordinal) || line.Text.StartsWith("using Runstone.Storage", StringComparison.Ordinal)
                || line.Text.StartsWith("using Runstone.Core", StringComparison.Ordinal)
            select $"{file}:{line.Number}: {line.Text}");

    private static void AssertNotReferenced(string assembly, string[] prefixes) =>
        Repository.AssertNone($"What {assembly} may not know", Assembly.Load(assembly).GetReferencedAssemblies()
            .Where(r => prefixes.Any(p => r.Name!.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
            .Select(r => $"src/{assembly}: uses {r.Name}"));

    private static bool IsShipped(string project) =>
        Repository.IsIn(project, "src") || Repository.IsIn(project, "integrations") || Repository.IsIn(project, "examples");

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Repository.FullPath(project)).Descendants(kind).Select(r => r.Attribute("Include")!.Value);
}
