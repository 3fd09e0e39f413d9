using System.Collections;
using System.Net;
using Runstone.Server.Hosting;

namespace Runstone.Server.Tests.Hosting;

public sealed class ServerOptionsReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runstone-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_settings_the_defaults_hold()
    {
        var options = Read().Options!;
        Assert.Equal((5000, IPAddress.Loopback, false), (options.Port, options.Host, options.Verbose));
        Assert.Equal(Path.Combine(_folder, "runstone-data"), options.Data);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        File.WriteAllText(Path.Combine(_folder, "runstone.json"), """{ "port": 1, "data": "from-file", "verbose": true }""");
        var environment = new Hashtable { ["RUNSTONE__PORT"] = "2", ["RUNSTONE__DATA"] = "from-environment", ["PATH"] = "x" };
        var options = Read(["--port=3"], environment).Options!;
        Assert.Equal((3, Path.Combine(_folder, "from-environment"), true), (options.Port, options.Data, options.Verbose));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_with_key_value_and_what_is_allowed()
    {
        File.WriteAllText(Path.Combine(_folder, "runstone.json"), """{ "prot": 1 }""");
        var environment = new Hashtable { ["RUNSTONE__HOST"] = "0.0.0.0" };
        var errors = Read(["--port", "70000", "--colour", "--data"], environment).Errors;
        Assert.Equal(5, errors.Count);
        Assert.Contains(errors, e => e.Contains("'prot'", StringComparison.Ordinal) && e.Contains("port", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("RUNSTONE__HOST: '0.0.0.0'", StringComparison.Ordinal) && e.Contains("access control", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("--port: '70000'", StringComparison.Ordinal) && e.Contains("0 to 65535", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("--colour: there is no such option", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("--data: the value is missing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.8.8", true)]
    [InlineData("::1", true)]
    [InlineData("[::1]", true)]
    [InlineData("localhost", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("192.168.1.5", false)]
    [InlineData("lab", false)]
    public void Only_loopback_is_listened_on(string host, bool allowed) =>
        Assert.Equal(allowed, Read(["--host", host]).Options is not null);

    [Theory]
    [InlineData("{ \"port\": ")]
    [InlineData("[1]")]
    [InlineData("{ \"port\": [1] }")]
    public void A_broken_file_is_named(string content)
    {
        File.WriteAllText(Path.Combine(_folder, "runstone.json"), content);
        Assert.Contains("runstone.json", Assert.Single(Read().Errors), StringComparison.Ordinal);
    }

    private ServerOptionsResult Read(string[]? args = null, IDictionary? environment = null) =>
        ServerOptionsReader.Read(args ?? [], environment ?? new Hashtable(), _folder);
}
